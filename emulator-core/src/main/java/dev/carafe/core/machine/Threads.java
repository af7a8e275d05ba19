package dev.carafe.core.machine;

/** What is done with the machine's threads. */
final class Threads {
    private Threads() {}

    /**
     * Waits for the end of a thread, whatever interrupts say meanwhile.
     *
     * @param thread null for one that was never started, or the caller's own: nothing is waited for
     */
    static void join(Thread thread) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
