package dev.carafe.core.machine;

import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Virtual time that follows the host's monotonic clock while the machine runs and stands still while it is paused, and one thread
 * that serves all deadlines. The only place where the host's clock is read.
 */
final class HostTimers implements Timers, AutoCloseable {
    /** A wait never exceeds this, so that a lost wake-up would be late but not lost. */
    private static final long LONGEST_WAIT = 1_000_000_000L;

    private final PriorityQueue<Deadline> queue = new PriorityQueue<>(); // guarded by this
    private final long origin = System.nanoTime();
    private volatile long pausedTotal; // written under this
    private volatile long pausedSince = origin; // host time, or RUNNING; written under this
    private Thread server; // guarded by this; null until the first deadline
    private volatile boolean closed;

    private static final long RUNNING = Long.MIN_VALUE;

    @Override
    public long now() {
        long since = pausedSince;
        long host = since == RUNNING ? System.nanoTime() : since;
        return Math.max(0, host - origin - pausedTotal);
    }

    /** Time runs from here on. */
    synchronized void resume() {
        if (pausedSince != RUNNING) {
            pausedTotal += System.nanoTime() - pausedSince;
            pausedSince = RUNNING;
            wake();
        }
    }

    /** Time stands still from here on. */
    synchronized void pause() {
        if (pausedSince == RUNNING) {
            pausedSince = System.nanoTime();
        }
    }

    @Override
    public Timer timer(Runnable expiry) {
        return new Deadline(expiry);
    }

    private synchronized void wake() {
        LockSupport.unpark(server);
    }

    private synchronized void startServer() {
        if (server == null && !closed) {
            server = Thread.ofPlatform().name("carafe-timers").daemon().unstarted(this::serve);
            server.start();
        }
    }

    private void serve() {
        while (!closed) {
            Deadline due = nextDue();
            if (due == null) {
                LockSupport.parkNanos(this, untilNext());
            } else {
                due.expiry.run();
            }
        }
    }

    private synchronized Deadline nextDue() {
        Deadline first = queue.peek();
        if (first == null || pausedSince != RUNNING || first.at > now()) {
            return null;
        }
        queue.remove();
        first.queued = false;
        return first;
    }

    private synchronized long untilNext() {
        Deadline first = queue.peek();
        if (first == null || pausedSince != RUNNING) {
            return LONGEST_WAIT;
        }
        return Math.clamp(first.at - now(), 1, LONGEST_WAIT);
    }

    /** Whether any deadline is armed. */
    synchronized boolean armed() {
        return !queue.isEmpty();
    }

    @Override
    public synchronized void close() {
        closed = true;
        wake();
    }

    private final class Deadline implements Timer, Comparable<Deadline> {
        private final Runnable expiry;
        private long at; // guarded by HostTimers.this
        private boolean queued; // guarded by HostTimers.this

        Deadline(Runnable expiry) {
            this.expiry = expiry;
        }

        @Override
        public void arm(long deadlineNanos) {
            synchronized (HostTimers.this) {
                if (queued) {
                    queue.remove(this);
                }
                at = deadlineNanos;
                queue.add(this);
                queued = true;
                if (server == null) {
                    startServer();
                } else if (queue.peek() == this) {
                    wake();
                }
            }
        }

        @Override
        public void disarm() {
            synchronized (HostTimers.this) {
                if (queued) {
                    queue.remove(this);
                    queued = false;
                }
            }
        }

        @Override
        public int compareTo(Deadline other) {
            return Long.compare(at, other.at);
        }
    }
}
