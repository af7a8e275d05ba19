package dev.carafe.devices.hpet;

/**
 * One comparator of {@link Hpet} (IA-PC HPET specification, "Timer N Configuration and Capabilities
 * Register"). Guarded by the block's lock.
 */
final class HpetTimer {
    static final long LEVEL = 1 << 1;
    static final long ENABLED = 1 << 2;
    static final long PERIODIC = 1 << 3;
    private static final long SET_ACCUMULATOR = 1 << 6;
    private static final long FORCE_32_BIT = 1 << 8;
    private static final long ROUTE = 0x3E00;
    private static final long WRITABLE =
            LEVEL | ENABLED | PERIODIC | SET_ACCUMULATOR | FORCE_32_BIT | ROUTE;

    /** May be routed to pins 2, 8 and 16 to 23; periodic and 64 bits wide. */
    private static final long CAPABILITIES = 0x00FF_0104_0000_0030L;

    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private long configuration = CAPABILITIES;
    private long comparator = -1;
    private long period;

    long configuration() {
        return configuration;
    }

    void setConfiguration(long value) {
        configuration = CAPABILITIES | (value & WRITABLE);
        if (narrow()) {
            comparator &= LOW_HALF;
            period &= LOW_HALF;
        }
    }

    boolean has(long bit) {
        return (configuration & bit) != 0;
    }

    int route() {
        return (int) (configuration >> 9) & 0x1F;
    }

    boolean routable() {
        return (CAPABILITIES >>> 32 >> route() & 1) != 0;
    }

    private boolean narrow() {
        return has(FORCE_32_BIT);
    }

    long comparator() {
        return comparator;
    }

    /**
     * In periodic mode a write is the period; it is the accumulator too when the configuration
     * asked for that.
     */
    void setComparator(long value) {
        long fitted = narrow() ? value & LOW_HALF : value;
        if (!has(PERIODIC) || has(SET_ACCUMULATOR)) {
            comparator = fitted;
        }
        if (has(PERIODIC)) {
            period = fitted;
        }
        configuration &= ~SET_ACCUMULATOR;
    }

    /**
     * What the comparator looks like to a write of {@code size} bytes that must leave the rest
     * alone.
     */
    long comparatorForWrite() {
        return has(PERIODIC) && !has(SET_ACCUMULATOR) ? period : comparator;
    }

    /** Counter ticks from {@code counter} until the next match; unsigned, 0 never occurs. */
    long ticksToMatch(long counter) {
        long distance = comparator - counter;
        if (narrow()) {
            distance &= LOW_HALF;
            return distance == 0 ? LOW_HALF + 1 : distance;
        }
        return distance;
    }

    /** Moves a periodic comparator behind {@code counter} after a match. */
    void advance(long counter) {
        if (!has(PERIODIC) || period == 0) {
            return;
        }
        long behind = counter - comparator;
        if (narrow()) {
            behind &= LOW_HALF;
        }
        comparator += (Long.divideUnsigned(behind, period) + 1) * period;
        if (narrow()) {
            comparator &= LOW_HALF;
        }
    }

    boolean matchesAgain() {
        return has(PERIODIC) ? period != 0 : narrow();
    }

    HpetTimerState save() {
        return new HpetTimerState(configuration, comparator, period);
    }

    void restore(HpetTimerState state) {
        configuration = state.configuration();
        comparator = state.comparator();
        period = state.period();
    }
}
