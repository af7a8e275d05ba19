package dev.carafe.core.machine;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.DebugPoint;
import dev.carafe.core.cpu.DebugPoints;
import dev.carafe.core.cpu.DebuggerStops;
import dev.carafe.core.interpreter.CodeCache;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Stops a machine and lets it go on, for debuggers and monitors: as a whole, or with some vCPUs
 * only, or step by step. There is one state for all who ask, as there is one machine: it runs, or
 * it is stopped. Beside that, {@link #still} holds it for a moment in either state.
 *
 * <p>Not for vCPU threads. Lock order: this → {@link World}, {@link HostTimers}; a vCPU that takes
 * it is not counted as running.
 */
public final class RunControl {
    private final World world;
    private final HostTimers timers;
    private final List<Vcpu> vcpus;
    private final DebugMemory memory;
    private final CodeCache code;
    private final List<RunListener> listeners = new CopyOnWriteArrayList<>();
    private DebugPoints points = DebugPoints.NONE; // guarded by this, as all below
    private Stop stop; // null while it runs
    private int pauses;
    private boolean directed; // some vCPU is held, or steps
    private boolean started;
    private volatile boolean stopsAtShutdown;

    RunControl(
            World world, HostTimers timers, List<Vcpu> vcpus, DebugMemory memory, CodeCache code) {
        this.world = world;
        this.timers = timers;
        this.vcpus = vcpus;
        this.memory = memory;
        this.code = code;
    }

    // ---- the state of all

    /** Why the machine is stopped; empty while it runs. */
    public synchronized Optional<Stop> stopped() {
        return Optional.ofNullable(stop);
    }

    /**
     * Stops all vCPUs at instruction boundaries, and time; returns when nobody executes. Before
     * {@link Machine#start} it has the machine start stopped.
     */
    public synchronized void stop() {
        if (stop == null) {
            pause();
            becomeStopped(new Stop(new Stop.Requested(), Stop.NOBODY));
        }
    }

    /** Lets all vCPUs go on. */
    public void resume() {
        resume(Collections.nCopies(vcpus.size(), Motion.RUN));
    }

    /**
     * Lets the machine go on; without effect while it runs.
     *
     * @param motions what each vCPU does
     */
    public synchronized void resume(List<Motion> motions) {
        if (stop == null) {
            return;
        }
        world.awaitStandstill(); // a vCPU that stops does not wait for the others
        boolean[] held = new boolean[vcpus.size()];
        boolean withheld = false;
        for (Vcpu vcpu : vcpus) {
            Motion motion = motions.get(vcpu.index());
            prepare(vcpu, motion);
            held[vcpu.index()] = motion instanceof Motion.Hold;
            withheld |=
                    motion instanceof Motion.Step step
                            && !step.timers()
                            && vcpu.cpu().activity == Activity.RUNNING;
        }
        directed = !motions.stream().allMatch(Motion.Run.class::isInstance);
        world.hold(held);
        timers.withhold(withheld);
        stop = null;
        listeners.forEach(RunListener::resumed);
        unpause();
    }

    private void prepare(Vcpu vcpu, Motion motion) {
        DebuggerStops debugger = vcpu.cpu().breakpoints.debugger;
        DebuggerStops.Hit hit = debugger.hit();
        // An instruction that was not executed is met again; an access will not be.
        if (hit != null
                && (hit.point().kind() == DebugPoint.Kind.CODE
                        || !points.all().contains(hit.point()))) {
            debugger.clearHit();
        }
        if (stop.cause() instanceof Stop.Reached reached
                && stop.vcpu() == vcpu.index()
                && reached.point().kind() == DebugPoint.Kind.CODE) {
            debugger.passNext(reached.address());
        } else {
            debugger.passNothing();
        }
        vcpu.setMotion(motion);
    }

    /**
     * Whether somebody has the machine in hand: it is stopped, a vCPU is held or steps, or a
     * debugger is there. Then that nothing goes on says nothing about the guest.
     */
    public synchronized boolean attended() {
        return stopsAtShutdown || stop != null || directed;
    }

    private void becomeStopped(Stop why) {
        stop = why;
        timers.withhold(false);
        for (RunListener listener : listeners) {
            listener.stopped(why);
        }
    }

    /** Called by a vCPU that is not counted as running; whether this is why the machine stops. */
    synchronized boolean stopFor(Stop why) {
        if (stop != null) {
            return false;
        }
        pauses++;
        world.requestPause();
        timers.pause();
        vcpus.get(why.vcpu()).cpu().breakpoints.debugger.clearHit(); // somebody hears of it
        becomeStopped(why);
        return true;
    }

    public void listen(RunListener listener) {
        listeners.add(listener);
    }

    public void unlisten(RunListener listener) {
        listeners.remove(listener);
    }

    void ended(Outcome how) {
        listeners.forEach(listener -> listener.ended(how));
    }

    /** Whether a triple fault stops the machine, to be looked at, before it ends the run. */
    public void stopAtShutdown(boolean wanted) {
        stopsAtShutdown = wanted;
    }

    boolean stopsAtShutdown() {
        return stopsAtShutdown;
    }

    // ---- for a moment

    /** Does something while nobody executes; a machine that ran goes on afterwards. */
    public synchronized <T> T still(Supplier<T> work) {
        pause();
        try {
            return work.get();
        } finally {
            unpause();
        }
    }

    /** {@link #still} without a result. */
    public void still(Runnable work) {
        still(
                () -> {
                    work.run();
                    return null;
                });
    }

    synchronized void pause() {
        pauses++;
        world.pause();
        timers.pause();
    }

    synchronized void unpause() {
        pauses--;
        runTime();
        world.resume();
    }

    private void runTime() {
        if (started && pauses == 0) {
            timers.resume();
        }
    }

    synchronized void start() {
        started = true;
        runTime();
    }

    // ---- what stops it

    /** Adds a debug point. The same one may be added several times. */
    public synchronized void insert(DebugPoint point) {
        replace(points.with(point));
    }

    /** Takes back one {@link #insert}. */
    public synchronized void remove(DebugPoint point) {
        replace(points.without(point));
    }

    private void replace(DebugPoints now) {
        still(
                () -> {
                    points = now;
                    code.setStops(now.codeOffsets());
                    for (Vcpu vcpu : vcpus) {
                        Cpu cpu = vcpu.cpu();
                        cpu.breakpoints.setDebugPoints(now);
                    }
                });
    }

    public synchronized List<DebugPoint> points() {
        return points.all();
    }

    // ---- looking at it

    public List<Vcpu> vcpus() {
        return List.copyOf(vcpus);
    }

    /** Memory as a debugger sees it; only while the machine stands still. */
    public DebugMemory memory() {
        return memory;
    }
}
