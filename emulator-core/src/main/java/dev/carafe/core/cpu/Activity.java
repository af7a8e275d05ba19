package dev.carafe.core.cpu;

/**
 * Activity states (SDM Vol. 3C, "Activity State", and Vol. 3A, "MP Initialization Protocol
 * Algorithm").
 */
public enum Activity {
    RUNNING,
    /** HLT or MWAIT: an interrupt, NMI, SMI, INIT or reset wakes it. */
    HALTED,
    /** A triple fault happened: only INIT or reset wakes it. */
    SHUTDOWN,
    WAIT_FOR_SIPI,
    /**
     * Handed over by the Limine protocol: waits until the word at its goto_address becomes
     * non-zero.
     */
    PARKED
}
