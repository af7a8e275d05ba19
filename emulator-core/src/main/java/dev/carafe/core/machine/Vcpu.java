package dev.carafe.core.machine;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.DebuggerStops;
import dev.carafe.core.cpu.EventDelivery;
import dev.carafe.core.cpu.Events;
import dev.carafe.core.interpreter.Interpreter;
import dev.carafe.core.interpreter.StopReason;
import java.util.concurrent.locks.LockSupport;

/** One vCPU and the thread it runs on. */
public final class Vcpu {
    private static final int HOST_CORES = Runtime.getRuntime().availableProcessors();
    private static final int YIELDS_BEFORE_PARK = 4;
    private static final long SPIN_PARK_NANOS = 50_000;

    /** MWAIT looks at its line this often, less often after a while. */
    private static final long FIRST_LOOK_NANOS = 50_000;

    private static final long LAST_LOOK_NANOS = 200_000;

    /** MWAIT ends after so many looks: nobody loses a store that left the line as it was. */
    private static final int MOST_LOOKS = 64;

    /**
     * A vCPU that executed more than this since it last spun has done something else in between.
     */
    private static final long SPIN_WINDOW = 20_000;

    private static final ThreadLocal<Vcpu> CURRENT = new ThreadLocal<>();

    private final Machine machine;
    private final Cpu cpu;
    private final Interpreter interpreter;
    private final Events events;
    private Thread thread; // set by startThread, before anybody joins it
    private Motion motion = Motion.RUN; // changed while the machine stands still
    private volatile Visitor visitor; // written before VISIT is raised
    private volatile InstructionTracer tracer; // null: nobody looks
    private int spins; // vCPU thread only
    private long spunAt; // vCPU thread only

    Vcpu(Machine machine, Cpu cpu, Interpreter interpreter, Events events) {
        this.machine = machine;
        this.cpu = cpu;
        this.interpreter = interpreter;
        this.events = events;
        cpu.activity = Activity.WAIT_FOR_SIPI;
    }

    /** The vCPU whose thread this is, or null. */
    static Vcpu current() {
        return CURRENT.get();
    }

    public int index() {
        return cpu.index;
    }

    /** The processor state. Only while the machine does not run, or by the vCPU's own thread. */
    public Cpu cpu() {
        return cpu;
    }

    Events events() {
        return events;
    }

    /** Instructions executed; exact while the machine stands still. */
    public long executed() {
        return interpreter.executed();
    }

    void startThread() {
        thread = Thread.ofPlatform().name("vcpu-" + cpu.index).daemon().unstarted(this::live);
        events.runOn(thread);
        thread.start();
    }

    void joinThread() {
        Threads.join(thread);
    }

    private void live() {
        CURRENT.set(this);
        World world = machine.world();
        world.start(cpu.index);
        try {
            while (!machine.finished()) {
                if (motion instanceof Motion.Step step) {
                    step(step);
                } else if (tracer != null) {
                    trace(tracer);
                } else {
                    handle(interpreter.run(Long.MAX_VALUE));
                }
            }
        } catch (Throwable defect) {
            machine.finish(new Outcome.InternalError(cpu.index, defect));
        } finally {
            world.stop(cpu.index);
        }
    }

    private void handle(StopReason reason) {
        switch (reason) {
            case BUDGET -> {}
            case IDLE -> idle();
            case SPINNING -> giveWay();
            case STOP_REQUESTED -> {
                if (!machine.finished()) {
                    machine.world().checkpoint(cpu.index);
                    receive();
                }
            }
            case DEBUGGER -> reached();
            case SHUTDOWN -> {
                boolean seen = !machine.control().stopsAtShutdown();
                while (!seen && !machine.finished()) {
                    seen = stopFor(new Stop.ShutDown());
                }
                machine.finish(new Outcome.TripleFaulted(cpu.index, cpu.tripleFault));
            }
        }
    }

    /**
     * Has this vCPU's own thread call somebody at its next instruction boundary, while the others
     * go on; one that does not execute calls when it does again. A visit that is still to come is
     * replaced.
     */
    public void visit(Visitor somebody) {
        visitor = somebody;
        events.raise(Events.VISIT);
    }

    private void receive() {
        if (events.clear(Events.VISIT) != 0 && motion == Motion.RUN) {
            visitor.visit(cpu, this::showInstruction);
        }
    }

    /** Executes one instruction, or takes an interrupt; false when the run is over. */
    private boolean showInstruction() {
        StopReason reason = interpreter.run(1);
        while (reason == StopReason.STOP_REQUESTED && !machine.finished()) {
            machine.world().checkpoint(cpu.index);
            reason = interpreter.run(1);
        }
        return reason == StopReason.BUDGET || reason == StopReason.SPINNING;
    }

    /** Executes one instruction, or takes the event before it, for somebody who looks. */
    private void trace(InstructionTracer observer) {
        if (cpu.activity != Activity.RUNNING) {
            handle(interpreter.run(1));
            return;
        }
        long before = interpreter.executed();
        observer.before(cpu);
        boolean stops = cpu.breakpoints.debugger.any();
        StopReason reason = stops ? interpreter.run(1) : interpreter.runOne(0);
        observer.after(cpu, interpreter.executed() != before);
        handle(reason);
    }

    /**
     * Somebody looks at every instruction from now on, or nobody does. While the machine stands
     * still, or before it starts.
     *
     * @param observer null for nobody
     */
    void setTracer(InstructionTracer observer) {
        tracer = observer;
    }

    void setMotion(Motion motion) {
        this.motion = motion;
    }

    /** One instruction; the machine stops when it was the last one that was asked for. */
    private void step(Motion.Step step) {
        long before = interpreter.executed();
        StopReason reason = interpreter.runOne(step.maskedEvents());
        machine.serveDueTimers();
        boolean done = reason == StopReason.BUDGET || interpreter.executed() != before;
        boolean other = reason == StopReason.DEBUGGER || reason == StopReason.SHUTDOWN;
        if (other || !done || step.goesOnAt(cpu.rip)) {
            handle(reason);
        } else {
            stopFor(new Stop.Stepped());
        }
    }

    private void reached() {
        DebuggerStops.Hit hit = cpu.breakpoints.debugger.hit();
        stopFor(new Stop.Reached(hit.point(), hit.address()));
    }

    /**
     * Stops the machine and waits until it goes on; false when it was stopping already: then nobody
     * heard.
     */
    private boolean stopFor(Stop.Cause cause) {
        World world = machine.world();
        world.stop(cpu.index);
        try {
            return machine.control().stopFor(new Stop(cause, cpu.index));
        } finally {
            world.start(cpu.index);
        }
    }

    /** Parks until an event that ends the state the vCPU is in. */
    private void idle() {
        World world = machine.world();
        world.stop(cpu.index);
        try {
            if (cpu.activity == Activity.HALTED && cpu.monitor.waiting()) {
                awaitStore();
            } else {
                while (!machine.finished() && !wakes(events.pendingVolatile())) {
                    LockSupport.park(this);
                }
            }
        } finally {
            world.start(cpu.index);
        }
        if (cpu.activity == Activity.PARKED
                && (events.clear(Events.RELEASED) & Events.RELEASED) != 0) {
            machine.parked().release(this);
        }
    }

    /** MWAIT: until its line has changed, an event ends it, or it has lasted long enough. */
    private void awaitStore() {
        long nanos = FIRST_LOOK_NANOS;
        for (int i = 0; i < MOST_LOOKS && !machine.finished(); i++) {
            int pending = events.pendingVolatile();
            if (wakes(pending)) {
                boolean masked = cpu.monitor.interruptsBreak() && !cpu.interruptsEnabled();
                if (!masked || (pending & Events.INTERRUPT) == 0) {
                    return; // the event itself ends the wait
                }
                break;
            }
            if (cpu.monitor.changed(address -> machine.memory().read(address, Long.BYTES))) {
                break;
            }
            LockSupport.parkNanos(this, nanos);
            nanos = Math.min(nanos + FIRST_LOOK_NANOS / 4, LAST_LOOK_NANOS);
        }
        cpu.activity = Activity.RUNNING;
    }

    private boolean wakes(int pending) {
        int wanted = Events.INIT;
        switch (cpu.activity) {
            case RUNNING -> {
                return true;
            }
            case HALTED -> {
                if (EventDelivery.endsHalt(cpu)) {
                    return true;
                }
            }
            case WAIT_FOR_SIPI -> wanted |= Events.SIPI;
            case PARKED -> wanted |= Events.RELEASED;
            case SHUTDOWN -> {}
        }
        return (pending & wanted) != 0;
    }

    /** A spinning vCPU keeps its host core only while there is one for everybody. */
    private void giveWay() {
        long executed = interpreter.executed();
        spins = executed - spunAt > SPIN_WINDOW ? 0 : spins + 1;
        spunAt = executed;
        if (machine.world().runningVcpus() <= HOST_CORES) {
            Thread.onSpinWait();
        } else if (spins < YIELDS_BEFORE_PARK) {
            Thread.yield();
        } else {
            machine.world().stop(cpu.index);
            LockSupport.parkNanos(this, SPIN_PARK_NANOS);
            machine.world().start(cpu.index);
        }
    }
}
