package dev.carafe.tools.report;

import dev.carafe.core.machine.Machine;
import dev.carafe.core.time.Clock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Ends a run that has lasted too long. Instructions are counted to within a period. */
public final class LimitWatch implements Watcher {
    private static final long PERIOD_NANOS = 5_000_000;

    private final Machine machine;
    private final Scene scene;
    private final long seconds;
    private final long instructions;
    private final Consumer<Report> reached;
    private volatile boolean closed;
    private Thread thread; // set by start

    /**
     * @param seconds of virtual time, 0 for no limit
     * @param instructions of all processors together, 0 for no limit
     * @param reached hears of the limit, once
     */
    public LimitWatch(
            Machine machine,
            Scene scene,
            long seconds,
            long instructions,
            Consumer<Report> reached) {
        this.machine = machine;
        this.scene = scene;
        this.seconds = seconds;
        this.instructions = instructions;
        this.reached = reached;
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name("carafe-limits").start(this::watch);
    }

    private void watch() {
        String limit = null;
        while (!closed && limit == null) {
            LockSupport.parkNanos(this, PERIOD_NANOS);
            limit = limitReached();
        }
        if (!closed) {
            String why = limit;
            reached.accept(
                    machine.control().still(() -> new StatusReport(scene).of("timeout", why)));
        }
    }

    private String limitReached() {
        if (instructions > 0 && machine.executed() >= instructions) {
            return "limit of " + Text.count(instructions) + " instructions";
        }
        boolean late = seconds > 0 && machine.timers().now() / Clock.NANOS_PER_SECOND >= seconds;
        return late ? "limit of " + seconds + " s" : null;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
