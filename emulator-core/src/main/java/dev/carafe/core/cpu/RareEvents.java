package dev.carafe.core.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * The black box of one vCPU: its last rare events, oldest overwritten first. What changes the
 * processor's set-up has a ring of its own, so that interrupts do not push it out. An event that
 * repeats the one before it, as in a handler that raises its own exception, is counted instead.
 * Recording costs the stores of a cache line.
 *
 * <p>vCPU thread only, or another one while the machine is paused.
 */
public final class RareEvents {
    private static final int CAPACITY = 64; // of each ring; a power of two

    /** What happened. {@code detail} and {@code value} of an event mean what the comment says. */
    public enum Kind {
        /** detail: vector and error code (vector | code << 8); value: CR2 for #PF. */
        EXCEPTION(false, false),
        /** detail: vector. */
        INTERRUPT(false, false),
        /** detail: vector of INT n, INT1, INT3 or INTO. */
        SOFTWARE_INTERRUPT(false, true),
        /** detail: register number; value: what was written. */
        CONTROL_REGISTER(true, true),
        /** detail: register number; value: what was written. */
        MSR(true, true),
        /** detail: limit; value: base. */
        GDTR(true, true),
        /** detail: limit; value: base. */
        IDTR(true, true),
        /** detail: selector of TR; value: its base. */
        TASK_REGISTER(true, true),
        /** An interprocessor interrupt sent: detail is the ICR's lower half, value the upper. */
        IPI(false, true),
        INIT(true, false),
        /** detail: vector; value: nanoseconds of virtual time. */
        SIPI(true, false),
        /** A boot loader's parked processor was let go; value: nanoseconds of virtual time. */
        RELEASED(true, false),
        RESET(true, false),
        SHUTDOWN(false, false);

        private final boolean setUp;
        private final boolean instruction; // recorded while one executes, not between two

        Kind(boolean setUp, boolean instruction) {
            this.setUp = setUp;
            this.instruction = instruction;
        }
    }

    /**
     * One event.
     *
     * @param order counts all events of this vCPU
     * @param rip where the processor was
     * @param stack RSP then
     * @param instructions executed by this vCPU before
     * @param times how often in a row
     */
    public record Event(
            Kind kind,
            long order,
            long rip,
            long stack,
            long instructions,
            long detail,
            long value,
            int times) {}

    private static final long FS_BASE = 0xC000_0100L;
    private static final long KERNEL_GS_BASE = 0xC000_0102L;

    private static final Kind[] KINDS = Kind.values();

    private static final int EVENT_LONGS = 8; // a cache line for each event
    private static final int ORDER = 0;
    private static final int RIP = 1;
    private static final int STACK = 2;
    private static final int INSTRUCTIONS = 3;
    private static final int DETAIL = 4;
    private static final int VALUE = 5;
    private static final int KIND = 6;
    private static final int TIMES = 7;

    /** The last event is kept in fields, too: one that repeats it is only counted. */
    private static final class Ring {
        private final long[] events = new long[CAPACITY * EVENT_LONGS];
        private long count;
        private long times; // of the last event; those of the others stand with them
        private int kind = -1; // its ordinal
        private long rip;
        private long detail;
        private long value;

        private static int slot(long number) {
            return ((int) number & CAPACITY - 1) * EVENT_LONGS;
        }

        private boolean repeats(int kind, long rip, long detail, long value) {
            return this.rip == rip
                    && this.value == value
                    && this.detail == detail
                    && this.kind == kind;
        }

        /** Makes room for the next event, and says where. */
        private int next(int kind, long rip, long detail, long value) {
            events[slot(count - 1) + TIMES] = times;
            int at = slot(count++);
            events[at + RIP] = this.rip = rip;
            events[at + DETAIL] = this.detail = detail;
            events[at + VALUE] = this.value = value;
            events[at + KIND] = this.kind = kind;
            times = 1;
            return at;
        }

        private void collect(List<Event> into) {
            for (long i = Math.max(0, count - CAPACITY); i < count; i++) {
                int at = slot(i);
                into.add(
                        new Event(
                                KINDS[(int) events[at + KIND]],
                                events[at + ORDER],
                                events[at + RIP],
                                events[at + STACK],
                                events[at + INSTRUCTIONS],
                                events[at + DETAIL],
                                events[at + VALUE],
                                (int) (i == count - 1 ? times : events[at + TIMES])));
            }
        }
    }

    private final Cpu cpu;
    private final Ring flow = new Ring();
    private final Ring setUp = new Ring();
    private long order;

    RareEvents(Cpu cpu) {
        this.cpu = cpu;
    }

    public void record(Kind kind, long rip, long detail, long value) {
        Ring ring = kind.setUp && !isRoutine(kind, detail) ? setUp : flow;
        order++;
        if (ring.repeats(kind.ordinal(), rip, detail, value)) {
            ring.times++;
            return;
        }
        int at = ring.next(kind.ordinal(), rip, detail, value);
        ring.events[at + ORDER] = order;
        ring.events[at + STACK] = cpu.regs[Registers.RSP];
        ring.events[at + INSTRUCTIONS] = kind.instruction ? cpu.executedSoFar() : cpu.executedBase;
    }

    /** What kernels load at every switch of tasks changes no set-up. */
    private static boolean isRoutine(Kind kind, long register) {
        return kind == Kind.CONTROL_REGISTER && register == 3
                || kind == Kind.MSR && (register == FS_BASE || register == KERNEL_GS_BASE);
    }

    /** How many were recorded since power-on. */
    public long count() {
        return order;
    }

    /** The events still held, the oldest first. */
    public List<Event> events() {
        List<Event> events = new ArrayList<>();
        flow.collect(events);
        setUp.collect(events);
        events.sort((a, b) -> Long.compare(a.order(), b.order()));
        return events;
    }

    /** The last event of a kind that is still held, or null. */
    public Event last(Kind kind) {
        Event found = null;
        for (Event event : events()) {
            found = event.kind() == kind ? event : found;
        }
        return found;
    }
}
