package dev.carafe.core.machine;

import dev.carafe.core.time.Timer;
import dev.carafe.core.time.Timers;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Virtual time that follows the host's monotonic clock while the machine runs and stands still
 * while it is paused, and one thread that serves all deadlines. The only place where the host's
 * clock is read.
 */
final class HostTimers implements Timers, AutoCloseable {
    /** A wait never exceeds this, so that a lost wake-up would be late but not lost. */
    private static final long LONGEST_WAIT = 1_000_000_000L;

    private final PriorityQueue<Deadline> queue = new PriorityQueue<>(); // guarded by this
    private final long origin = System.nanoTime();
    private volatile Progress progress = new Progress(origin, 0); // written under this
    private Thread server; // guarded by this; null until the first deadline
    private volatile boolean closed;
    private boolean withheld; // guarded by this
    private int serving; // guarded by this: taken from the queue, and not done yet

    private static final long RUNNING = Long.MIN_VALUE;

    /**
     * How virtual time goes on; one object, so that readers see both parts of one moment.
     *
     * @param pausedSince host time, or RUNNING
     * @param pausedTotal how long it stood still before
     */
    private record Progress(long pausedSince, long pausedTotal) {
        boolean running() {
            return pausedSince == RUNNING;
        }
    }

    @Override
    public long now() {
        Progress present;
        long host;
        do {
            present = progress;
            host = present.running() ? System.nanoTime() : present.pausedSince;
        } while (present != progress); // stopped and started in between
        return Math.max(0, host - origin - present.pausedTotal);
    }

    /** Time runs from here on. */
    synchronized void resume() {
        Progress before = progress;
        if (!before.running()) {
            long paused = System.nanoTime() - before.pausedSince;
            progress = new Progress(RUNNING, before.pausedTotal + paused);
            wake();
        }
    }

    /** Whether deadlines that pass are kept until this is taken back. */
    synchronized void withhold(boolean deadlines) {
        withheld = deadlines;
        wake();
    }

    /** Time stands still from here on. */
    synchronized void pause() {
        if (progress.running()) {
            progress = new Progress(System.nanoTime(), progress.pausedTotal);
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
                serve(due);
            }
        }
    }

    /**
     * Serves what is due now on the caller's thread, which holds no device's lock: for a machine
     * that runs for moments only, too short for the serving thread to wake up in.
     */
    void serveDue() {
        for (int most = queued(); most > 0; most--) {
            Deadline due = nextDue();
            if (due == null) {
                return;
            }
            serve(due);
        }
    }

    private void serve(Deadline due) {
        try {
            due.expiry.run();
        } finally {
            synchronized (this) {
                serving--;
            }
        }
    }

    private synchronized Deadline nextDue() {
        Deadline first = queue.peek();
        if (first == null || withheld || !progress.running() || first.at > now()) {
            return null;
        }
        queue.remove();
        first.queued = false;
        serving++;
        return first;
    }

    private synchronized long untilNext() {
        Deadline first = queue.peek();
        if (first == null || withheld || !progress.running()) {
            return LONGEST_WAIT;
        }
        return Math.clamp(first.at - now(), 1, LONGEST_WAIT);
    }

    private synchronized int queued() {
        return queue.size();
    }

    /** How many deadlines are armed, or being served: that may arm them again. */
    synchronized int armed() {
        return queue.size() + serving;
    }

    /** Serves no deadline from here on: the one that is being served has ended on return. */
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            closed = true;
            last = server;
            wake();
        }
        Threads.join(last);
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
