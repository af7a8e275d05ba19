package dev.carafe.devices.serial;

import dev.carafe.core.bus.Stateful;
import dev.carafe.core.interrupt.InterruptLine;
import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import dev.carafe.devices.ByteDevice;
import dev.carafe.devices.SavedState;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * 16550A serial port with FIFOs, after the PC16550D data sheet, "Registers". After reset DCD, DSR
 * and CTS are on and OUT2 is set, as firmware leaves a port that has somebody at the other end.
 *
 * <p>Not modelled: transmission time (a byte written is sent at once, THRE and TEMT are always
 * set), parity and framing errors, sending a break, DMA mode; OUT2 does not gate the interrupt.
 */
public final class Uart16550 implements ByteDevice, Stateful<Uart16550.State> {
    private static final int STATE_VERSION = 1;
    private static final int RBR_THR_DLL = 0;
    private static final int IER_DLM = 1;
    private static final int IIR_FCR = 2;
    private static final int LCR = 3;
    private static final int MCR = 4;
    private static final int LSR = 5;
    private static final int MSR = 6;
    private static final int SCR = 7;

    private static final int IER_RECEIVED = 0x01;
    private static final int IER_THR_EMPTY = 0x02;
    private static final int IER_LINE_STATUS = 0x04;
    private static final int IER_MODEM_STATUS = 0x08;
    private static final int IIR_NONE = 0x01;
    private static final int IIR_MODEM_STATUS = 0x00;
    private static final int IIR_THR_EMPTY = 0x02;
    private static final int IIR_RECEIVED = 0x04;
    private static final int IIR_LINE_STATUS = 0x06;
    private static final int IIR_TIMEOUT = 0x0C;
    private static final int IIR_FIFOS = 0xC0;
    private static final int FCR_ENABLE = 0x01;
    private static final int FCR_CLEAR_RECEIVER = 0x02;
    private static final int FCR_KEPT = 0xC9;
    private static final int LCR_DIVISOR_LATCH = 0x80;
    private static final int MCR_LOOPBACK = 0x10;
    private static final int MCR_DEFINED = 0x1F;
    private static final int LSR_DATA_READY = 0x01;
    private static final int LSR_OVERRUN = 0x02;
    private static final int LSR_BREAK = 0x10;
    private static final int LSR_IDLE = 0x60; // THRE and TEMT
    private static final int LSR_FIFO_ERROR = 0x80;
    private static final int MSR_CONNECTED = 0xB0; // DCD, DSR, CTS
    private static final int MSR_RING = 0x40;
    private static final int[] TRIGGER = {1, 4, 8, 14};
    private static final long BASE_BAUD = 115_200;
    private static final int TIMEOUT_CHARACTERS = 4;
    private static final long NEVER = Long.MAX_VALUE;

    private final Timers clock;
    private final Timer timer;
    private final InterruptLine irq;
    private final IntConsumer transmit;
    private final Runnable roomAvailable;

    // All state below is guarded by this.
    private final ReceiveQueue received = new ReceiveQueue();
    private int divisor = 12;
    private int ier;
    private int fcr;
    private int lcr;
    private int mcr = 0x08;
    private int scr;
    private int lineErrors;
    private int modemLines = MSR_CONNECTED;
    private int modemDeltas;
    private boolean thrEmptyPending;
    private boolean timeoutPending;
    private long timeoutAt = NEVER;

    /** Makes a port whose host side polls {@link #canReceive}. */
    public Uart16550(Timers timers, InterruptLine irq, IntConsumer transmit) {
        this(timers, irq, transmit, () -> {});
    }

    /**
     * Makes a port.
     *
     * @param transmit takes each byte sent, 0 to 255, in order; called under this device's lock
     * @param roomAvailable called, with no lock held, when {@link #canReceive} may have become true
     */
    public Uart16550(
            Timers timers, InterruptLine irq, IntConsumer transmit, Runnable roomAvailable) {
        this.clock = timers;
        this.timer = timers.timer(this::expired);
        this.irq = irq;
        this.transmit = transmit;
        this.roomAvailable = roomAvailable;
    }

    /** Host side: whether a byte can arrive without an overrun. */
    public synchronized boolean canReceive() {
        return (mcr & MCR_LOOPBACK) == 0 && received.size() < capacity();
    }

    /**
     * Host side: a byte arrives on the wire. Lost in loopback mode, an overrun when there is no
     * room.
     */
    public synchronized void receive(int value) {
        if ((mcr & MCR_LOOPBACK) == 0) {
            arrive(value & ReceiveQueue.CHARACTER);
        }
    }

    /** Host side: a break condition arrives, which is a zero character with its error bit. */
    public synchronized void receiveBreak() {
        if ((mcr & MCR_LOOPBACK) == 0) {
            arrive(LSR_BREAK << 8);
        }
    }

    private void arrive(int entry) {
        if (received.size() < capacity()) {
            received.add(entry);
        } else {
            lineErrors |= LSR_OVERRUN;
            if (!fifos()) {
                received.remove(); // without FIFO the new character replaces the old one
                received.add(entry);
            }
        }
        restartTimeout();
        updateLine();
    }

    @Override
    public int readByte(int offset) {
        boolean wasFull;
        int value;
        synchronized (this) {
            wasFull = received.size() >= capacity();
            value = readRegister(offset);
            updateLine();
        }
        if (offset == RBR_THR_DLL && wasFull) {
            roomAvailable.run();
        }
        return value;
    }

    private int readRegister(int offset) {
        return switch (offset) {
            case RBR_THR_DLL -> divisorLatch() ? divisor & 0xFF : readReceiver();
            case IER_DLM -> divisorLatch() ? divisor >> 8 : ier;
            case IIR_FCR -> readIdentification();
            case LCR -> lcr;
            case MCR -> mcr;
            case LSR -> readLineStatus();
            case MSR -> {
                int value = modemLines | modemDeltas;
                modemDeltas = 0;
                yield value;
            }
            case SCR -> scr;
            default -> NOTHING;
        };
    }

    private int readReceiver() {
        timeoutPending = false;
        if (received.isEmpty()) {
            return 0;
        }
        lineErrors |= received.takeErrors();
        int value = received.remove();
        restartTimeout();
        return value;
    }

    private int readIdentification() {
        int cause = cause();
        if (cause == IIR_THR_EMPTY) {
            thrEmptyPending = false;
        }
        return cause | (fifos() ? IIR_FIFOS : 0);
    }

    private int readLineStatus() {
        int fifoError = fifos() && received.hasErrors() ? LSR_FIFO_ERROR : 0;
        lineErrors |= received.takeErrors();
        int value = lineErrors | fifoError | LSR_IDLE | (received.isEmpty() ? 0 : LSR_DATA_READY);
        lineErrors = 0;
        return value;
    }

    @Override
    public void writeByte(int offset, int value) {
        boolean mayReceive;
        synchronized (this) {
            boolean could = canReceive();
            writeRegister(offset, value);
            updateLine();
            mayReceive = !could && canReceive();
        }
        if (mayReceive) {
            roomAvailable.run();
        }
    }

    private void writeRegister(int offset, int value) {
        switch (offset) {
            case RBR_THR_DLL -> {
                if (divisorLatch()) {
                    divisor = (divisor & 0xFF00) | value;
                } else {
                    send(value);
                }
            }
            case IER_DLM -> {
                if (divisorLatch()) {
                    divisor = (divisor & 0xFF) | value << 8;
                } else {
                    ier = value & 0x0F;
                    thrEmptyPending = (ier & IER_THR_EMPTY) != 0; // THRE is always set
                }
            }
            case IIR_FCR -> writeFifoControl(value);
            case LCR -> lcr = value;
            case MCR -> {
                mcr = value & MCR_DEFINED;
                updateModemLines();
            }
            case SCR -> scr = value;
            default -> {} // LSR and MSR are read-only
        }
    }

    private void send(int value) {
        thrEmptyPending = false;
        updateLine(); // the wire is edge-triggered: it must fall before the next cause
        if ((mcr & MCR_LOOPBACK) != 0) {
            arrive(value);
        } else {
            transmit.accept(value);
        }
        thrEmptyPending = true;
    }

    private void writeFifoControl(int value) {
        boolean toggled = ((value ^ fcr) & FCR_ENABLE) != 0;
        int clear = FCR_ENABLE | FCR_CLEAR_RECEIVER;
        if (toggled || (value & clear) == clear) {
            received.clear();
            timeoutPending = false;
            disarmTimeout();
        }
        fcr = (value & FCR_ENABLE) != 0 ? value & FCR_KEPT : 0;
    }

    private void updateModemLines() {
        int lines = MSR_CONNECTED;
        if ((mcr & MCR_LOOPBACK) != 0) {
            int dtr = mcr & 1;
            int rts = mcr >> 1 & 1;
            lines = (mcr & 0x0C) << 4 | dtr << 5 | rts << 4; // OUT2, OUT1, DTR, RTS
        }
        int changed = lines ^ modemLines;
        int trailingRing = modemLines & changed & MSR_RING; // TERI: only when RI goes off
        modemDeltas |= (changed & ~MSR_RING | trailingRing) >> 4;
        modemLines = lines;
    }

    private int cause() {
        boolean lineStatus = lineErrors != 0 || received.topHasErrors();
        if ((ier & IER_LINE_STATUS) != 0 && lineStatus) {
            return IIR_LINE_STATUS;
        }
        if ((ier & IER_RECEIVED) != 0 && received.size() >= trigger()) {
            return IIR_RECEIVED;
        }
        if ((ier & IER_RECEIVED) != 0 && timeoutPending && !received.isEmpty()) {
            return IIR_TIMEOUT;
        }
        if ((ier & IER_THR_EMPTY) != 0 && thrEmptyPending) {
            return IIR_THR_EMPTY;
        }
        return (ier & IER_MODEM_STATUS) != 0 && modemDeltas != 0 ? IIR_MODEM_STATUS : IIR_NONE;
    }

    private void updateLine() {
        irq.set(cause() != IIR_NONE);
    }

    private boolean divisorLatch() {
        return (lcr & LCR_DIVISOR_LATCH) != 0;
    }

    private boolean fifos() {
        return (fcr & FCR_ENABLE) != 0;
    }

    private int capacity() {
        return fifos() ? ReceiveQueue.CAPACITY : 1;
    }

    private int trigger() {
        return fifos() ? TRIGGER[fcr >> 6] : 1;
    }

    private void restartTimeout() {
        if (!fifos() || received.isEmpty()) {
            disarmTimeout();
            return;
        }
        int bits =
                7
                        + (lcr & 3)
                        + (lcr >> 2 & 1)
                        + (lcr >> 3 & 1); // start, 5 to 8 data, stop bits, parity
        int effective = divisor == 0 ? 0x10000 : divisor;
        timeoutAt =
                clock.now() + TIMEOUT_CHARACTERS * bits * 1_000_000_000L * effective / BASE_BAUD;
        timer.arm(timeoutAt);
    }

    private void disarmTimeout() {
        timeoutAt = NEVER;
        timer.disarm();
    }

    private synchronized void expired() {
        if (clock.now() >= timeoutAt) {
            timeoutAt = NEVER;
            timeoutPending = !received.isEmpty();
            updateLine();
        }
    }

    @Override
    public synchronized State save() {
        return new State(
                STATE_VERSION,
                received.save(),
                divisor,
                ier,
                fcr,
                lcr,
                mcr,
                scr,
                lineErrors,
                modemLines,
                modemDeltas,
                thrEmptyPending,
                timeoutPending,
                timeoutAt);
    }

    @Override
    public synchronized void restore(State state) {
        SavedState.requireVersion(STATE_VERSION, state.version, "16550");
        received.restore(state.received);
        divisor = state.divisor;
        ier = state.ier;
        fcr = state.fcr;
        lcr = state.lcr;
        mcr = state.mcr;
        scr = state.scr;
        lineErrors = state.lineErrors;
        modemLines = state.modemLines;
        modemDeltas = state.modemDeltas;
        thrEmptyPending = state.thrEmptyPending;
        timeoutPending = state.timeoutPending;
        timeoutAt = state.timeoutAt;
        if (timeoutAt == NEVER) {
            timer.disarm();
        } else {
            timer.arm(timeoutAt);
        }
        updateLine();
    }

    /** The whole state; received characters carry their LSR error bits in bits 15:8. */
    public record State(
            int version,
            List<Integer> received,
            int divisor,
            int ier,
            int fcr,
            int lcr,
            int mcr,
            int scr,
            int lineErrors,
            int modemLines,
            int modemDeltas,
            boolean thrEmptyPending,
            boolean timeoutPending,
            long timeoutAt) {}
}
