package dev.carafe.junit;

import dev.carafe.core.machine.RunControl;
import dev.carafe.core.machine.RunListener;
import dev.carafe.core.machine.Stop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Runs the actions of breakpoints, one at a time on a thread of their own, and keeps the machine
 * stopped while the test has paused it.
 */
final class Breakpoints implements RunListener {
    private static final Stop END = new Stop(new Stop.Requested(), Stop.NOBODY);

    private final RunControl control;
    private final List<VmCpu> cpus;
    private final List<Breakpoint> list = new ArrayList<>(); // guarded by this, as what follows
    private boolean paused;
    private boolean closed;
    private Throwable thrown; // by an action; null: nothing
    private final BlockingQueue<Stop> stops = new LinkedBlockingQueue<>();
    private final Map<Integer, Arrival> arrivals = new HashMap<>(); // actor only
    private Thread actor; // null until there is a breakpoint

    /**
     * Where a processor was, and when: one that had no chance to go on before another one stopped
     * the machine arrives at the same place a second time.
     */
    private record Arrival(Stop.Reached reached, long executed) {}

    Breakpoints(RunControl control, List<VmCpu> cpus) {
        this.control = control;
        this.cpus = cpus;
        control.listen(this);
    }

    @Override
    public void stopped(Stop why) {
        if (why.cause() instanceof Stop.Reached) {
            stops.add(why);
        }
    }

    @Override
    public void resumed() {}

    void machineEnded() {
        stops.add(END);
    }

    synchronized void add(Breakpoint breakpoint) {
        list.add(breakpoint);
        control.insert(breakpoint.point());
        if (actor == null) {
            actor = Thread.ofPlatform().daemon().name("breakpoints").start(this::act);
        }
    }

    synchronized void remove(Breakpoint breakpoint) {
        if (list.remove(breakpoint)) {
            control.remove(breakpoint.point());
        }
    }

    private void act() {
        try {
            for (Stop stop = stops.take(); stop != END; stop = stops.take()) {
                reached(stop);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reached(Stop stop) {
        Stop.Reached reached = (Stop.Reached) stop.cause();
        VmCpu cpu = cpus.get(stop.vcpu());
        Arrival arrival = new Arrival(reached, control.still(cpu::executed));
        if (!arrival.equals(arrivals.put(cpu.index(), arrival))) {
            for (Breakpoint breakpoint : copy()) {
                if (breakpoint.point().equals(reached.point())) {
                    act(breakpoint, cpu);
                }
            }
        }
        synchronized (this) {
            if (!paused) {
                control.resume();
            }
        }
    }

    private synchronized List<Breakpoint> copy() {
        return closed ? List.of() : List.copyOf(list);
    }

    private void act(Breakpoint breakpoint, VmCpu cpu) {
        try {
            breakpoint.reached(cpu);
        } catch (Throwable wrong) {
            synchronized (this) {
                thrown = thrown == null ? wrong : thrown;
            }
        }
        breakpoint.over();
    }

    /** Says in the test's thread what went wrong in an action. */
    synchronized void rethrow() {
        Throwable wrong = thrown;
        thrown = null;
        if (wrong instanceof Error error) {
            throw error;
        }
        if (wrong != null) {
            throw new AssertionError("in a breakpoint: " + wrong, wrong);
        }
    }

    synchronized void pause() {
        paused = true;
        control.stop();
    }

    synchronized void resume() {
        paused = false;
        control.resume();
    }

    /** Nothing stops the machine any more. */
    void close() {
        synchronized (this) {
            closed = true;
            paused = false;
        }
        control.resume();
    }
}
