package dev.carafe.core.machine;

/**
 * Hears about a machine that is debugged. Calls come from vCPU threads and others, in the order of
 * what happens; they must return soon and may not call {@link RunControl} or {@link Machine}.
 */
public interface RunListener {
    /** The machine is about to stand still; {@link RunControl#still} waits until it does. */
    void stopped(Stop why);

    /** The machine goes on. */
    void resumed();

    /** The run is over. */
    default void ended(Outcome how) {}
}
