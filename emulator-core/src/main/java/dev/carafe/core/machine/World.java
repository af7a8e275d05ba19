package dev.carafe.core.machine;

import dev.carafe.core.cpu.Events;
import dev.carafe.core.memory.ExclusiveAccess;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who of the vCPUs is executing, and how everybody is made to stand still: for a pause of the whole
 * machine, and for the section that one vCPU, or another thread, needs for itself.
 *
 * <p>A vCPU counts as running from {@link #start} to {@link #stop}; while it runs it calls {@link
 * #checkpoint} soon after {@link Events#STOP} was raised. One that waits here, or for an event,
 * stands at an instruction boundary, or inside an instruction that has changed nothing yet.
 */
final class World {
    private final Events[] events;
    private final boolean[] running; // guarded by this
    private int runners; // guarded by this; read without by runningVcpus
    private boolean[] held; // guarded by this: stands still though others may run
    private boolean exclusive; // guarded by this
    private int pauses; // guarded by this
    private boolean ended; // guarded by this

    World(Events[] events) {
        this.events = events;
        running = new boolean[events.length];
        held = new boolean[events.length];
    }

    /** Access for the instructions of one vCPU. */
    ExclusiveAccess exclusiveAccess(int vcpu) {
        return new ExclusiveAccess() {
            @Override
            public void enter() {
                stop(vcpu);
                enterExclusive();
            }

            @Override
            public void exit() {
                exitExclusive();
                start(vcpu);
            }
        };
    }

    /** The vCPU begins to execute; waits while the world stands still. */
    synchronized void start(int vcpu) {
        while (exclusive || (pauses > 0 || held[vcpu]) && !ended) {
            await();
        }
        running[vcpu] = true;
        runners++;
    }

    /** The vCPU does not execute any more. */
    synchronized void stop(int vcpu) {
        running[vcpu] = false;
        runners--;
        notifyAll();
    }

    /** The vCPU has seen {@link Events#STOP} and stands at an instruction boundary. */
    void checkpoint(int vcpu) {
        stop(vcpu);
        start(vcpu);
    }

    /** How many vCPUs execute just now; a hint. */
    int runningVcpus() {
        return runners;
    }

    /** Which vCPUs execute just now. */
    synchronized List<Integer> executing() {
        return IntStream.range(0, running.length).filter(i -> running[i]).boxed().toList();
    }

    /** Returns once nobody executes; the caller must not be counted as running. */
    synchronized void enterExclusive() {
        while (exclusive || pauses > 0 && !ended) {
            await();
        }
        exclusive = true;
        standStill();
    }

    synchronized void exitExclusive() {
        exclusive = false;
        moveOn();
    }

    /** Stops all vCPUs until {@link #resume}; pauses nest. Returns once nobody executes. */
    synchronized void pause() {
        pauses++;
        standStill();
        while (exclusive) {
            await();
        }
    }

    /** {@link #pause} without waiting, for a vCPU that is not counted as running. */
    synchronized void requestPause() {
        pauses++;
        askAll();
    }

    /** Waits until nobody executes, after {@link #requestPause}. */
    synchronized void awaitStandstill() {
        standStill();
        while (exclusive) {
            await();
        }
    }

    /** From the next {@link #resume} on these vCPUs do not execute; while all are paused. */
    synchronized void hold(boolean[] vcpus) {
        held = vcpus;
    }

    synchronized void resume() {
        pauses--;
        moveOn();
    }

    /**
     * The run is over: every vCPU comes to an instruction boundary once more, even from a pause, to
     * find that out.
     */
    synchronized void end() {
        ended = true;
        for (Events each : events) {
            each.raise(Events.STOP);
        }
        notifyAll();
    }

    private void standStill() {
        while (runners > 0) {
            askAll();
            await();
        }
    }

    private void askAll() {
        for (int i = 0; i < running.length; i++) {
            if (running[i]) {
                events[i].raise(Events.STOP);
            }
        }
    }

    private void moveOn() {
        if (!exclusive && pauses == 0 && !ended) {
            for (Events each : events) {
                each.clear(Events.STOP);
            }
        }
        notifyAll(); // a pause may wait for the end of an exclusive section
    }

    private void await() {
        boolean interrupted = false;
        try {
            wait();
        } catch (InterruptedException e) {
            interrupted =
                    true; // nobody interrupts vCPU threads; whoever does may not break the protocol
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
