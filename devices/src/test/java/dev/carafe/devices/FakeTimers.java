package dev.carafe.devices;

import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A clock that stands still until the test advances it. Timers expire in order, each at its own
 * instant.
 */
public final class FakeTimers implements Timers {
    private final List<FakeTimer> timers = new ArrayList<>();
    private long now;

    @Override
    public synchronized long now() {
        return now;
    }

    @Override
    public synchronized Timer timer(Runnable expiry) {
        FakeTimer timer = new FakeTimer(expiry);
        timers.add(timer);
        return timer;
    }

    /** Lets time pass; whatever falls due on the way expires at its deadline. */
    public void advance(long nanos) {
        long target = now() + nanos;
        for (FakeTimer next = due(target); next != null; next = due(target)) {
            next.expiry.run();
        }
        synchronized (this) {
            now = target;
        }
    }

    /** Lets time pass without serving any timer, as when the host is late. */
    public synchronized void advanceSilently(long nanos) {
        now += nanos;
    }

    public void advanceTo(long nanos) {
        advance(nanos - now());
    }

    /** Number of armed timers. */
    public synchronized long armed() {
        return timers.stream().filter(t -> t.deadline != FakeTimer.DISARMED).count();
    }

    private synchronized FakeTimer due(long target) {
        FakeTimer next =
                timers.stream()
                        .filter(t -> t.deadline <= target)
                        .min(Comparator.comparingLong(t -> t.deadline))
                        .orElse(null);
        if (next != null) {
            now = Math.max(now, next.deadline);
            next.deadline = FakeTimer.DISARMED;
        }
        return next;
    }

    private final class FakeTimer implements Timer {
        private static final long DISARMED = Long.MAX_VALUE;

        private final Runnable expiry;
        private long deadline = DISARMED;

        private FakeTimer(Runnable expiry) {
            this.expiry = expiry;
        }

        @Override
        public void arm(long deadlineNanos) {
            synchronized (FakeTimers.this) {
                deadline = deadlineNanos;
            }
        }

        @Override
        public void disarm() {
            synchronized (FakeTimers.this) {
                deadline = DISARMED;
            }
        }
    }
}
