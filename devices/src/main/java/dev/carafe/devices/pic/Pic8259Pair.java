package dev.carafe.devices.pic;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;
import java.util.function.IntUnaryOperator;

/**
 * The two 8259As of a PC with their edge/level control registers (8259A data sheet; ICH9 data
 * sheet, "Interrupt Controller Registers"). The slave's INT is the master's IR2.
 *
 * <p>Not modelled: see {@link Pic8259}.
 */
public final class Pic8259Pair implements Stateful<Pic8259Pair.State> {
    private static final int STATE_VERSION = 1;
    private static final int SLAVE_INPUT = 2;
    private static final int INPUTS = 16;
    private static final int MASTER_ELCR_WRITABLE = 0xF8; // IRQ 0, 1 and 2 are edge-triggered
    private static final int SLAVE_ELCR_WRITABLE = 0xDE; // so are 8 and 13

    private final InterruptLine output;
    private final Pic8259 master =
            new Pic8259(1 << SLAVE_INPUT, MASTER_ELCR_WRITABLE); // guarded by this
    private final Pic8259 slave = new Pic8259(0, SLAVE_ELCR_WRITABLE); // guarded by this

    /** Makes an uninitialized pair. {@code output} is the INTR wire. */
    public Pic8259Pair(InterruptLine output) {
        this.output = output;
    }

    /** The wire of an ISA interrupt, 0 to 15. */
    public InterruptLine irq(int number) {
        if (number < 0 || number >= INPUTS) {
            throw new IllegalArgumentException("8259 input " + number);
        }
        return asserted -> set(number, asserted);
    }

    private synchronized void set(int number, boolean asserted) {
        if (number >= 8) {
            slave.set(number - 8, asserted);
        } else if (number != SLAVE_INPUT) {
            master.set(number, asserted);
        }
        updateOutput();
    }

    /**
     * The INTA cycles: the vector of the interrupt taken into service, or that of the spurious IRQ
     * 7 or 15.
     */
    public synchronized int acknowledge() {
        int input = master.acknowledge();
        int vector = master.vector(input);
        if (input == SLAVE_INPUT) {
            vector = slave.vector(slave.acknowledge());
            dropSlaveOutput();
        }
        updateOutput();
        return vector;
    }

    /**
     * The slave's INT falls when it is acknowledged, so that its next request is an edge for the
     * master.
     */
    private void dropSlaveOutput() {
        master.set(SLAVE_INPUT, false);
    }

    private void updateOutput() {
        master.set(SLAVE_INPUT, slave.requesting());
        output.set(master.requesting());
    }

    /** Ports 20h and 21h. */
    public BusDevice master() {
        return device(master::read, master::write);
    }

    /** Ports A0h and A1h. */
    public BusDevice slave() {
        return device(
                offset -> {
                    int value = slave.read(offset);
                    dropSlaveOutput(); // the read may have been a poll; updateOutput raises it
                    // again
                    return value;
                },
                slave::write);
    }

    /** Ports 4D0h and 4D1h. */
    public BusDevice edgeLevelControl() {
        return device(
                offset ->
                        switch (offset) {
                            case 0 -> master.elcr();
                            case 1 -> slave.elcr();
                            default -> ByteDevice.NOTHING;
                        },
                (offset, value) -> {
                    if (offset == 0) {
                        master.setElcr(value);
                    } else if (offset == 1) {
                        slave.setElcr(value);
                    }
                });
    }

    private BusDevice device(IntUnaryOperator reader, RegisterWriter writer) {
        return new ByteDevice() {
            @Override
            public int readByte(int offset) {
                synchronized (Pic8259Pair.this) {
                    int value = reader.applyAsInt(offset);
                    updateOutput(); // a poll is an acknowledgement
                    return value;
                }
            }

            @Override
            public void writeByte(int offset, int value) {
                synchronized (Pic8259Pair.this) {
                    writer.write(offset, value);
                    updateOutput();
                }
            }
        };
    }

    @FunctionalInterface
    private interface RegisterWriter {
        void write(int offset, int value);
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, master.save(), slave.save());
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "8259 pair");
        master.restore(state.master);
        slave.restore(state.slave);
        updateOutput();
    }

    /** The state of both chips. */
    public record State(int version, Pic8259State master, Pic8259State slave) {}
}
