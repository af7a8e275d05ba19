package dev.carafe.tools.suite;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Runs cases side by side, as many as the host's cores carry: a machine takes one for each vCPU.
 */
final class SuiteRunner {
    private final List<String> carafe;
    private final InstantSource clock;
    private final int cores;
    private final boolean perMachine;
    private final SuiteListener listener;

    /**
     * @param cores how many may be busy at once
     * @param perMachine whether a machine counts as one of them, whatever its vCPUs
     */
    SuiteRunner(
            List<String> carafe,
            InstantSource clock,
            int cores,
            boolean perMachine,
            SuiteListener listener) {
        this.carafe = List.copyOf(carafe);
        this.clock = clock;
        this.cores = cores;
        this.perMachine = perMachine;
        this.listener = listener;
    }

    /** Results in the order of the cases. */
    List<CaseResult> run(List<Case> cases) throws InterruptedException {
        Semaphore free = new Semaphore(cores, true);
        List<Future<CaseResult>> futures = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Case test : cases) {
                int share = perMachine ? 1 : Math.min(test.cpus(), cores);
                free.acquire(share); // in order: what starts first is at the top of the list
                futures.add(pool.submit(() -> run(test, free, share)));
            }
            return results(futures);
        }
    }

    private CaseResult run(Case test, Semaphore free, int share) throws InterruptedException {
        try {
            if (!test.skip().isEmpty()) {
                return ended(CaseResult.skipped(test));
            }
            listener.started(test);
            return ended(new CaseRun(test, carafe, clock).run());
        } finally {
            free.release(share);
        }
    }

    private CaseResult ended(CaseResult result) {
        listener.ended(result);
        return result;
    }

    private static List<CaseResult> results(List<Future<CaseResult>> futures)
            throws InterruptedException {
        List<CaseResult> results = new ArrayList<>();
        for (Future<CaseResult> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                throw new AssertionError("a run's judgement failed", e.getCause());
            }
        }
        return results;
    }
}
