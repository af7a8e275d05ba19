package dev.carafe.devices.power;

import dev.carafe.core.bus.Stateful;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;

/**
 * Port CF9h, the reset control register (ICH9 data sheet, "RST_CNT"): a rising RST_CPU bit resets
 * the machine.
 *
 * <p>Not modelled: the difference between soft, hard and full reset.
 */
public final class ResetControl implements ByteDevice, Stateful<ResetControl.State> {
    private static final int STATE_VERSION = 1;
    private static final int RST_CPU = 0x04;
    private static final int WRITABLE = 0x0E;

    private final MachineControl machine;
    private int value; // guarded by this

    public ResetControl(MachineControl machine) {
        this.machine = machine;
    }

    @Override
    public synchronized int readByte(int offset) {
        return offset == 0 ? value : NOTHING;
    }

    @Override
    public synchronized void writeByte(int offset, int written) {
        if (offset != 0) {
            return;
        }
        boolean rises = (written & ~value & RST_CPU) != 0;
        value = written & WRITABLE & ~(rises ? RST_CPU : 0); // the reset clears it
        if (rises) {
            machine.reset();
        }
    }

    @Override
    public synchronized State save() {
        return new State(STATE_VERSION, value);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "reset control");
        value = state.value;
    }

    /** The register. */
    public record State(int version, int value) {}
}
