package dev.carafe.tools.cli;

import java.util.concurrent.TimeUnit;

/**
 * What is still to be done when a signal ends the process: it may take its time, but not for ever,
 * since a processor that waits for the host inside an instruction cannot be stopped.
 */
final class LastWords {
    private static final long LIMIT_MILLIS = 3000;

    private LastWords() {}

    /**
     * Does something when the process ends.
     *
     * @param name of its thread
     * @param task what is done
     * @param otherwise says that the task could not be finished in time
     */
    static void atEnd(String name, Runnable task, Runnable otherwise) {
        Thread hook =
                new Thread(
                        () -> {
                            Thread worker = Thread.ofPlatform().daemon().name(name).start(task);
                            if (!ended(worker)) {
                                otherwise.run();
                            }
                        },
                        name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private static boolean ended(Thread worker) {
        try {
            worker.join(LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !worker.isAlive();
    }

    /** How long a task may take. */
    static long limitSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(LIMIT_MILLIS);
    }
}
