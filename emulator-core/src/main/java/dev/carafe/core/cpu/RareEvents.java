package dev.carafe.core.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * The black box of one vCPU: its last rare events, oldest overwritten first. Recording costs four
 * array stores.
 *
 * <p>vCPU thread only, or another one while the machine is paused.
 */
public final class RareEvents {
    private static final int CAPACITY = 64; // a power of two

    /** What happened. {@code detail} and {@code value} of an event mean what the comment says. */
    public enum Kind {
        /** detail: vector and error code (vector | code << 8); value: CR2 for #PF. */
        EXCEPTION,
        /** detail: vector. */
        INTERRUPT,
        /** detail: vector of INT n, INT1, INT3 or INTO. */
        SOFTWARE_INTERRUPT,
        /** detail: register number; value: what was written. */
        CONTROL_REGISTER,
        /** detail: register number; value: what was written. */
        MSR,
        /** detail: limit; value: base. */
        GDTR,
        /** detail: limit; value: base. */
        IDTR,
        /** detail: selector of TR; value: its base. */
        TASK_REGISTER,
        INIT,
        /** detail: vector. */
        SIPI,
        RESET,
        SHUTDOWN
    }

    /**
     * One event.
     *
     * @param rip where the processor was
     */
    public record Event(Kind kind, long rip, long detail, long value) {}

    private static final Kind[] KINDS = Kind.values();

    private final byte[] kinds = new byte[CAPACITY];
    private final long[] rips = new long[CAPACITY];
    private final long[] details = new long[CAPACITY];
    private final long[] values = new long[CAPACITY];
    private long count;

    public void record(Kind kind, long rip, long detail, long value) {
        int at = (int) count & CAPACITY - 1;
        kinds[at] = (byte) kind.ordinal();
        rips[at] = rip;
        details[at] = detail;
        values[at] = value;
        count++;
    }

    /** How many were recorded since power-on. */
    public long count() {
        return count;
    }

    /** The events still held, the oldest first. */
    public List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (long i = Math.max(0, count - CAPACITY); i < count; i++) {
            int at = (int) i & CAPACITY - 1;
            events.add(new Event(KINDS[kinds[at]], rips[at], details[at], values[at]));
        }
        return events;
    }
}
