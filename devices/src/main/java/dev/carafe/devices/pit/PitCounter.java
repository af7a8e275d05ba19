package dev.carafe.devices.pit;

/**
 * One counter of an 8254, after its data sheet, "Mode Definitions". It does not count: count and
 * OUT are computed from the number of input clocks since the counter was loaded. Guarded by the
 * lock of {@link Pit8254}.
 */
final class PitCounter {
    static final long NEVER = Long.MAX_VALUE;

    private static final int LATCH = 0;
    private static final int LOW_BYTE = 1;
    private static final int HIGH_BYTE = 2;
    private static final int STATUS_OUT = 0x80;
    private static final int STATUS_NULL_COUNT = 0x40;
    private static final int CONTROL = 0x3F;

    private int control = 0x36; // bits 5:0 of the last control word: access, mode, BCD
    private boolean gate;
    private boolean written; // a count has been written since the control word
    private boolean running; // the counting element holds a count and counts
    private int initial; // 1 to 65536, what is being counted from
    private int
            next; // count register, loaded at the end of the period (modes 2, 3) or by a trigger
    // (1, 5)
    private long start; // clock of loading; while paused: clocks already counted
    private boolean paused; // gate low in modes 0 and 4
    private long switchAt = NEVER; // clock at which modes 2 and 3 load `next`

    private int lowByte; // first half of a two-byte write
    private boolean writeHigh;
    private boolean readHigh;
    private int latched = -1;
    private int latchedBytes; // how many bytes of it are left
    private int latchedStatus = -1;

    PitCounter(boolean gate) {
        this.gate = gate;
    }

    int mode() {
        int mode = control >> 1 & 7;
        return mode > 5 ? mode - 4 : mode;
    }

    private boolean bcd() {
        return (control & 1) != 0;
    }

    private int access() {
        return control >> 4 & 3;
    }

    private int modulus() {
        return bcd() ? 10_000 : 0x10000;
    }

    private boolean periodic() {
        return mode() == 2 || mode() == 3;
    }

    private boolean triggered() {
        return mode() == 1 || mode() == 5;
    }

    /** A control word for this counter; access bits 0 are the counter latch command. */
    void writeControl(int value, long now) {
        if ((value >> 4 & 3) == LATCH) {
            latchCount(now);
            return;
        }
        control = value & CONTROL;
        written = false;
        running = false;
        paused = false;
        switchAt = NEVER;
        writeHigh = false;
        readHigh = false;
        latched = -1;
        latchedStatus = -1;
    }

    void writeCount(int value, long now) {
        switch (access()) {
            case LOW_BYTE -> load(value, now);
            case HIGH_BYTE -> load(value << 8, now);
            default -> {
                if (writeHigh) {
                    load(value << 8 | lowByte, now);
                } else {
                    lowByte = value;
                    if (mode() == 0) { // "writing the first byte disables counting"
                        running = false;
                        written = false;
                    }
                }
                writeHigh = !writeHigh;
            }
        }
    }

    private void load(int raw, long now) {
        int count = bcd() ? fromBcd(raw) : raw;
        next = count == 0 ? modulus() : count;
        settle(now);
        written = true;
        if (triggered()) {
            return; // loaded by the next rising edge of GATE
        }
        if (periodic() && running && gate) {
            switchAt = start + ((now - start) / initial + 1) * initial;
            return;
        }
        begin(now);
    }

    private void begin(long now) {
        initial = next;
        running = true;
        switchAt = NEVER;
        paused = !gate && !triggered();
        start = paused ? 0 : now;
    }

    /** Lets a count that modes 2 and 3 loaded at the end of a period take effect. */
    private void settle(long now) {
        if (now >= switchAt) {
            start = switchAt;
            initial = next;
            switchAt = NEVER;
        }
    }

    void setGate(boolean level, long now) {
        if (level == gate) {
            return;
        }
        settle(now);
        gate = level;
        if (!written) {
            return;
        }
        if (triggered()) {
            if (level) {
                begin(now);
            }
        } else if (periodic()) {
            begin(now); // a rising edge reloads; while GATE is low OUT is high and nothing counts
        } else if (running && level && paused) {
            start = now - start;
            paused = false;
        } else if (running && !level && !paused) {
            start = now - start;
            paused = true;
        }
    }

    /** Whether a count has been loaded since the last control word. */
    boolean running() {
        return running;
    }

    boolean gate() {
        return gate;
    }

    private long elapsed(long now) {
        return paused ? start : now - start;
    }

    boolean out(long now) {
        settle(now);
        if (!running) {
            return mode() != 0;
        }
        long elapsed = elapsed(now);
        return switch (mode()) {
            case 0, 1 -> elapsed >= initial;
            case 2 -> paused || elapsed % initial != initial - 1;
            case 3 -> paused || elapsed % initial < (initial + 1) / 2;
            default -> elapsed != initial;
        };
    }

    /** The first clock after {@code now} at which the interrupt wire must be looked at. */
    long nextChange(long now) {
        settle(now);
        if (!running || paused) {
            return NEVER;
        }
        long elapsed = now - start;
        if (!periodic()) {
            return elapsed < initial ? start + initial : NEVER;
        }
        long period = start + elapsed / initial * initial;
        long half = period + (initial + 1) / 2;
        return mode() == 3 && now < half ? half : period + initial;
    }

    /** Whether OUT rose between two clocks. The strobes of modes 2, 4 and 5 count when they end. */
    boolean rose(long from, long to) {
        settle(to);
        if (!running || paused || to <= from) {
            return false;
        }
        if (periodic()) {
            return (to - start) / initial > Math.max(0, (from - start) / initial)
                    || (from < start && to >= start);
        }
        return from - start < initial && to - start >= initial;
    }

    private int count(long now) {
        settle(now);
        if (!running) {
            return next % modulus();
        }
        long elapsed = elapsed(now);
        long count =
                switch (mode()) {
                    case 2 -> initial - elapsed % initial;
                    case 3 -> squareWaveCount(elapsed % initial);
                    default -> Math.floorMod(initial - elapsed, (long) modulus());
                };
        return (int) (count % modulus());
    }

    /** Mode 3 counts down by two, twice per period. */
    private long squareWaveCount(long phase) {
        int high = (initial + 1) / 2;
        int even = initial & ~1;
        long done = phase < high ? phase : phase - high;
        return Math.max(even - 2 * done, 0);
    }

    int readCount(long now) {
        if (latchedStatus >= 0) {
            int status = latchedStatus;
            latchedStatus = -1;
            return status;
        }
        int value = latched >= 0 ? latched : encoded(now);
        boolean high = access() == HIGH_BYTE || (access() == 3 && readHigh);
        if (access() == 3) {
            readHigh = !readHigh;
        }
        if (latched >= 0 && --latchedBytes == 0) {
            latched = -1;
        }
        return high ? value >> 8 : value & 0xFF;
    }

    void latchCount(long now) {
        if (latched < 0) {
            latched = encoded(now);
            latchedBytes = access() == 3 ? 2 : 1;
        }
    }

    void latchStatus(long now) {
        if (latchedStatus < 0) {
            boolean out = out(now);
            boolean nullCount = !written || switchAt != NEVER || (triggered() && !running);
            latchedStatus = control | (out ? STATUS_OUT : 0) | (nullCount ? STATUS_NULL_COUNT : 0);
        }
    }

    private int encoded(long now) {
        int count = count(now);
        return bcd() ? toBcd(count) : count;
    }

    private static int fromBcd(int raw) {
        return (raw >> 12 & 15) * 1000 + (raw >> 8 & 15) * 100 + (raw >> 4 & 15) * 10 + (raw & 15);
    }

    private static int toBcd(int count) {
        return count / 1000 % 10 << 12 | count / 100 % 10 << 8 | count / 10 % 10 << 4 | count % 10;
    }

    PitCounterState save() {
        return new PitCounterState(
                control,
                gate,
                written,
                running,
                initial,
                next,
                start,
                paused,
                switchAt,
                lowByte,
                writeHigh,
                readHigh,
                latched,
                latchedBytes,
                latchedStatus);
    }

    void restore(PitCounterState state) {
        control = state.control();
        gate = state.gate();
        written = state.written();
        running = state.running();
        initial = state.initial();
        next = state.next();
        start = state.start();
        paused = state.paused();
        switchAt = state.switchAt();
        lowByte = state.lowByte();
        writeHigh = state.writeHigh();
        readHigh = state.readHigh();
        latched = state.latched();
        latchedBytes = state.latchedBytes();
        latchedStatus = state.latchedStatus();
    }
}
