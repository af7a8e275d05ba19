package dev.carafe.core.time;

/**
 * The machine's one virtual clock. Every timer, counter and time-stamp derives from it; it stops
 * while the machine is paused.
 */
@FunctionalInterface
public interface Clock {
    long NANOS_PER_SECOND = 1_000_000_000L;

    /** Nanoseconds of virtual time since power-on; never decreases. */
    long now();

    /** Ticks that a counter of this frequency has made since power-on. */
    default long ticks(long hertz) {
        return toTicks(now(), hertz);
    }

    /**
     * Converts time to ticks, rounding down; exact for three centuries of time at up to 9 GHz.
     *
     * @param nanos nanoseconds, not negative
     * @param hertz frequency of the counter, 1 to 9,000,000,000
     */
    static long toTicks(long nanos, long hertz) {
        long seconds = nanos / NANOS_PER_SECOND;
        long rest = nanos % NANOS_PER_SECOND;
        return seconds * hertz + rest * hertz / NANOS_PER_SECOND;
    }

    /**
     * Converts ticks to the first instant at which {@link #toTicks} gives at least that many;
     * {@link Long#MAX_VALUE} when it lies beyond the clock's range.
     *
     * @param ticks not negative
     * @param hertz frequency of the counter, 1 to 9,000,000,000
     */
    static long toNanos(long ticks, long hertz) {
        long seconds = ticks / hertz;
        long rest = ticks % hertz;
        if (seconds >= Long.MAX_VALUE / NANOS_PER_SECOND - 1) {
            return Long.MAX_VALUE;
        }
        return seconds * NANOS_PER_SECOND + (rest * NANOS_PER_SECOND + hertz - 1) / hertz;
    }
}
