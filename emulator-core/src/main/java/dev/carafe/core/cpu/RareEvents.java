package dev.carafe.core.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * The black box of one vCPU: its last rare events, oldest overwritten first. What changes the
 * processor's set-up has a ring of its own, so that interrupts do not push it out. An event that
 * repeats the one before it, as in a handler that raises its own exception, is counted instead.
 *
 * <p>vCPU thread only, or another one while the machine is paused.
 */
public final class RareEvents {
    private static final int CAPACITY = 64; // of each ring; a power of two

    /** What happened. {@code detail} and {@code value} of an event mean what the comment says. */
    public enum Kind {
        /**
         * detail: vector and error code (vector | code << 8); value: CR2 for #PF. An instruction
         * that meets one absent page after the other repeats its exception, whatever the address.
         */
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
     * One event, and how often it repeated.
     *
     * @param order counts all events of this vCPU
     * @param rip where the processor was
     * @param stack RSP then
     * @param instructions executed by this vCPU before
     * @param value with {@code stack} and {@code instructions} those of the last page fault where
     *     addresses differ
     * @param from the value that the row began with
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
            long from,
            int times) {}

    private static final long FS_BASE = 0xC000_0100L;
    private static final long KERNEL_GS_BASE = 0xC000_0102L;

    private static final Kind[] KINDS = Kind.values();
    private static final int EXCEPTION = Kind.EXCEPTION.ordinal();

    /** The last event is kept in fields, and is stored here when another one follows. */
    private static final class Ring {
        private static final int EVENT_LONGS = 8; // a cache line for each event
        private static final int TIMES_SHIFT = 8; // above the kind

        private final long[] events = new long[CAPACITY * EVENT_LONGS];
        private long stored;
        private long before; // how many events those in the array are, repeats included
        private long times; // 0 before the first event
        private int kind = -1; // an ordinal
        private long order;
        private long rip;
        private long stack;
        private long instructions;
        private long detail;
        private long value;
        private long from;

        private static int slot(long number) {
            return ((int) number & CAPACITY - 1) * EVENT_LONGS;
        }

        /** Whether this is the last event once more, at another address perhaps. */
        private boolean repeats(int kind, long rip, long detail, long value) {
            return this.rip == rip
                    && this.detail == detail
                    && this.kind == kind
                    && (this.value == value || kind == EXCEPTION);
        }

        /** What comes next is an event of its own, whatever it is. */
        private void endRow() {
            if (times != 0) {
                store();
                times = 0;
                kind = -1;
            }
        }

        private void begin(int kind, long order, long rip, long detail, long value) {
            endRow();
            this.kind = kind;
            this.order = order;
            this.rip = rip;
            this.detail = detail;
            from = value;
        }

        private long count() {
            return before + times;
        }

        private void store() {
            before += times;
            int at = slot(stored++);
            events[at] = kind | times << TIMES_SHIFT;
            events[at + 1] = order;
            events[at + 2] = rip;
            events[at + 3] = stack;
            events[at + 4] = instructions;
            events[at + 5] = detail;
            events[at + 6] = value;
            events[at + 7] = from;
        }

        private Event load(int at) {
            return new Event(
                    KINDS[(int) events[at] & (1 << TIMES_SHIFT) - 1],
                    events[at + 1],
                    events[at + 2],
                    events[at + 3],
                    events[at + 4],
                    events[at + 5],
                    events[at + 6],
                    events[at + 7],
                    (int) (events[at] >> TIMES_SHIFT));
        }

        private void collect(List<Event> into) {
            for (long i = Math.max(0, stored + 1 - CAPACITY); i < stored; i++) {
                into.add(load(slot(i)));
            }
            if (times != 0) {
                into.add(
                        new Event(
                                KINDS[kind],
                                order,
                                rip,
                                stack,
                                instructions,
                                detail,
                                value,
                                from,
                                (int) times));
            }
        }
    }

    private final Cpu cpu;
    private final Ring flow = new Ring();
    private final Ring setUp = new Ring();

    RareEvents(Cpu cpu) {
        this.cpu = cpu;
    }

    public void record(Kind kind, long rip, long detail, long value) {
        Ring ring = flow;
        if (kind.setUp && !isRoutine(kind, detail)) {
            ring = setUp;
            flow.endRow(); // a row has the order of its first event
        }
        if (!ring.repeats(kind.ordinal(), rip, detail, value)) {
            ring.begin(kind.ordinal(), count() + 1, rip, detail, value);
        } else if (ring.value == value) {
            ring.times++;
            return;
        }
        ring.times++;
        ring.value = value;
        ring.stack = cpu.regs[Registers.RSP];
        ring.instructions = kind.instruction ? cpu.executedSoFar() : cpu.executedBase;
    }

    /** What kernels load at every switch of tasks changes no set-up. */
    private static boolean isRoutine(Kind kind, long register) {
        return kind == Kind.CONTROL_REGISTER && register == 3
                || kind == Kind.MSR && (register == FS_BASE || register == KERNEL_GS_BASE);
    }

    /** How many were recorded since power-on. */
    public long count() {
        return flow.count() + setUp.count();
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
