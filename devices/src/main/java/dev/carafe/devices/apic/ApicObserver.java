package dev.carafe.devices.apic;

/**
 * Hears what a guest does to its interrupt controllers. Nobody listens by default. A call comes
 * from the thread that acts, without any lock of an APIC.
 */
public interface ApicObserver {
    /** Hears nothing. */
    ApicObserver NONE = new ApicObserver() {};

    /**
     * A processor is about to write a register of its local APIC; nothing has changed yet.
     *
     * @param apic whose register
     * @param register number: offset in the xAPIC page divided by 16, or MSR minus 800h
     * @param x2apic whether it is written as an MSR
     */
    default void localWrite(LocalApic apic, int register, long value, boolean x2apic) {}

    /**
     * A redirection entry of the I/O APIC is about to be written; nothing has changed yet.
     *
     * @param entry what it will be
     */
    default void redirectionWriting(int pin, long entry) {}
}
