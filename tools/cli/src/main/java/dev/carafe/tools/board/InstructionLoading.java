package dev.carafe.tools.board;

import dev.carafe.core.machine.InstructionSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Loads the instruction set on a thread of its own, while the kernel is read and placed. */
public final class InstructionLoading {
    private InstructionLoading() {}

    /** Begins; the result serves every machine of this process. */
    public static Future<InstructionSet> start() {
        FutureTask<InstructionSet> task = new FutureTask<>(InstructionSet::load);
        Thread.ofPlatform().name("carafe-loading").daemon().start(task);
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
