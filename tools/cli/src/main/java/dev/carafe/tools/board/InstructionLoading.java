package dev.carafe.tools.board;

import dev.carafe.core.machine.InstructionSet;
import dev.carafe.core.memory.PhysicalBus;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Loads the instruction set and the memory library on threads of their own, while the kernel is
 * read and placed.
 */
public final class InstructionLoading {
    private InstructionLoading() {}

    /** Begins; the result serves every machine of this process. */
    public static Future<InstructionSet> start() {
        FutureTask<InstructionSet> task = new FutureTask<>(InstructionSet::load);
        Thread.ofPlatform().name("carafe-loading").daemon().start(task);
        Thread.ofPlatform().name("carafe-preparing").daemon().start(PhysicalBus::prepare);
        return task;
    }

    static InstructionSet await(Future<InstructionSet> loading) {
        try {
            return loading.get();
        } catch (ExecutionException e) {
            throw new AssertionError("loading the instruction set", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while loading the instruction set", e);
        }
    }
}
