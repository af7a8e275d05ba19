package dev.carafe.devices.apic;

import dev.carafe.core.time.Clock;
import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;

/**
 * The timer of a local APIC (SDM Vol. 3A, "APIC Timer"): one-shot, periodic and TSC-deadline mode.
 * Nothing counts: the current count is computed from the clock when it is read. Guarded by the
 * local APIC's lock.
 *
 * <p>Not modelled: periods below 10 microseconds raise at most one interrupt per 10 microseconds,
 * so that a guest cannot keep the host's timer thread busy.
 */
final class ApicTimer {
    static final int ONE_SHOT = 0;
    static final int PERIODIC = 1;
    static final int TSC_DEADLINE = 2;

    private static final long SHORTEST_REARM_NANOS = 10_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final Timers clock;
    private final ApicClocks clocks;
    private final Timer timer;

    private int mode;
    private int divideConfiguration;
    private int initialCount;
    private long baseTicks; // undivided ticks at which the count was baseCount
    private long baseCount; // 0: stopped
    private long tscDeadline; // 0: disarmed
    private long expiry = NEVER; // nanoseconds

    ApicTimer(Timers clock, ApicClocks clocks, Runnable expired) {
        this.clock = clock;
        this.clocks = clocks;
        this.timer = clock.timer(expired);
    }

    void reset() {
        mode = ONE_SHOT;
        divideConfiguration = 0;
        stop();
    }

    /**
     * The mode in bits 18:17 of the LVT entry; a change to or from TSC-deadline mode disarms the
     * timer.
     */
    void setMode(int newMode) {
        if (newMode == mode) {
            return;
        }
        boolean deadlineInvolved = mode == TSC_DEADLINE || newMode == TSC_DEADLINE;
        int count = deadlineInvolved ? 0 : currentCount();
        mode = newMode;
        if (deadlineInvolved) {
            stop();
        } else {
            countFrom(count);
        }
    }

    int initialCount() {
        return initialCount;
    }

    /**
     * Starts counting from {@code count}, or stops when it is 0. Without effect in TSC-deadline
     * mode.
     */
    void setInitialCount(int count) {
        if (mode == TSC_DEADLINE) {
            return;
        }
        initialCount = count;
        countFrom(Integer.toUnsignedLong(count));
    }

    int divideConfiguration() {
        return divideConfiguration;
    }

    void setDivideConfiguration(int value) {
        int count = mode == TSC_DEADLINE ? 0 : currentCount();
        divideConfiguration = value & 0xB;
        if (mode != TSC_DEADLINE) {
            countFrom(Integer.toUnsignedLong(count));
        }
    }

    int currentCount() {
        if (baseCount == 0 || mode == TSC_DEADLINE) {
            return 0;
        }
        long elapsed = (clock.ticks(clocks.timerHertz()) - baseTicks) / divisor();
        if (elapsed < baseCount) {
            return (int) (baseCount - elapsed);
        }
        long period = Integer.toUnsignedLong(initialCount);
        if (mode != PERIODIC || period == 0) {
            return 0;
        }
        return (int) (period - (elapsed - baseCount) % period);
    }

    /** IA32_TSC_DEADLINE: 0 when disarmed or in another mode. */
    long tscDeadline() {
        return tscDeadline;
    }

    /**
     * Arms TSC-deadline mode; ignored in the others. The caller asks {@link #takeExpiry} for a
     * deadline in the past.
     */
    void setTscDeadline(long value) {
        if (mode != TSC_DEADLINE) {
            return;
        }
        tscDeadline = value;
        if (value == 0) {
            stop();
        } else {
            armForTsc();
        }
    }

    /**
     * Whether the timer has expired since the last call; a periodic one is set for its next turn.
     */
    boolean takeExpiry() {
        if (expiry == NEVER || clock.now() < expiry) {
            return false;
        }
        switch (mode) {
            case TSC_DEADLINE -> {
                if (timeStamp() < tscDeadline) { // the counter was set back meanwhile
                    armForTsc();
                    return false;
                }
                stop();
            }
            case PERIODIC -> armForNextPeriod();
            default -> {
                expiry = NEVER;
                baseCount = 0;
            }
        }
        return true;
    }

    private void stop() {
        initialCount = 0;
        baseCount = 0;
        tscDeadline = 0;
        expiry = NEVER;
        timer.disarm();
    }

    private void countFrom(long count) {
        baseTicks = clock.ticks(clocks.timerHertz());
        baseCount = count;
        if (count == 0) {
            expiry = NEVER;
            timer.disarm();
        } else {
            arm(Clock.toNanos(baseTicks + count * divisor(), clocks.timerHertz()));
        }
    }

    private void armForNextPeriod() {
        long period = Integer.toUnsignedLong(initialCount);
        if (period == 0) {
            expiry = NEVER;
            baseCount = 0;
            return;
        }
        long elapsed = (clock.ticks(clocks.timerHertz()) - baseTicks) / divisor();
        long next =
                elapsed < baseCount
                        ? baseCount
                        : baseCount + ((elapsed - baseCount) / period + 1) * period;
        long nanos = Clock.toNanos(baseTicks + next * divisor(), clocks.timerHertz());
        arm(Math.max(nanos, clock.now() + SHORTEST_REARM_NANOS));
    }

    private void armForTsc() {
        if (tscDeadline < 0) { // beyond half the counter's range: three human lifetimes away
            expiry = NEVER;
            timer.disarm();
            return;
        }
        long ticks = Math.max(0, tscDeadline - clocks.tscOffset().getAsLong());
        arm(Clock.toNanos(ticks, clocks.tscHertz()));
    }

    private long timeStamp() {
        return clock.ticks(clocks.tscHertz()) + clocks.tscOffset().getAsLong();
    }

    private void arm(long nanos) {
        expiry = nanos;
        if (nanos == NEVER) {
            timer.disarm();
        } else {
            timer.arm(nanos);
        }
    }

    private long divisor() {
        int code = (divideConfiguration & 3) | (divideConfiguration >> 1 & 4);
        return code == 7 ? 1 : 2L << code;
    }

    ApicTimerState save() {
        return new ApicTimerState(
                mode, divideConfiguration, initialCount, baseTicks, baseCount, tscDeadline, expiry);
    }

    void restore(ApicTimerState state) {
        mode = state.mode();
        divideConfiguration = state.divideConfiguration();
        initialCount = state.initialCount();
        baseTicks = state.baseTicks();
        baseCount = state.baseCount();
        tscDeadline = state.tscDeadline();
        arm(state.expiry());
    }
}
