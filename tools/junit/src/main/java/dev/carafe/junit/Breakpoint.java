package dev.carafe.junit;

import dev.carafe.core.cpu.DebugPoint;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A place where a machine stops for a moment, so that a test can look at it. */
public final class Breakpoint {
    private final Vm vm;
    private final DebugPoint point;
    private final String name;
    private final Consumer<VmCpu> action;
    private final AtomicInteger hits = new AtomicInteger();
    private final Semaphore unseen = new Semaphore(0);

    Breakpoint(Vm vm, DebugPoint point, String name, Consumer<VmCpu> action) {
        this.vm = vm;
        this.point = point;
        this.name = name;
        this.action = action;
    }

    DebugPoint point() {
        return point;
    }

    void reached(VmCpu cpu) {
        hits.incrementAndGet();
        action.accept(cpu);
    }

    /** The action has ended, one way or another. */
    void over() {
        unseen.release();
    }

    /** How often a processor was here. */
    public int hits() {
        return hits.get();
    }

    /** Waits for a hit that no former call has seen. Starts the machine. */
    public void awaitHit() {
        vm.start();
        try {
            if (!unseen.tryAcquire(vm.limitSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "no CPU came to "
                                + name
                                + " within "
                                + vm.limitSeconds()
                                + " s"
                                + vm.where());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + name);
        }
        vm.rethrow();
    }

    /** Stops nobody any more. */
    public void remove() {
        vm.remove(this);
    }
}
