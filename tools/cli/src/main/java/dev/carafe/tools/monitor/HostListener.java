package dev.carafe.tools.monitor;

/** Hears of what becomes of a run. Calls come from any thread and must return soon. */
public interface HostListener {
    /** The machine stands still. */
    void stopped();

    /** The machine goes on. */
    void resumed();

    /**
     * The machine is turned off and on again.
     *
     * @param guest whether the guest wanted it
     * @param reason in QMP's words
     */
    void reset(boolean guest, String reason);

    /**
     * The run is over.
     *
     * @param guest whether the guest wanted it
     * @param reason in QMP's words
     */
    void shutDown(boolean guest, String reason);

    /** The guest has failed in a way that nothing comes after. */
    void panicked();

    /** The power button was pressed. */
    void powerDown();
}
