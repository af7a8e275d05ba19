package dev.carafe.core.interrupt;

import dev.carafe.core.bus.BusDevice;
import dev.carafe.core.bus.MsrDevice;

/**
 * What one vCPU asks of its own local APIC. As an {@link MsrDevice} it answers IA32_APIC_BASE
 * (1Bh), IA32_TSC_DEADLINE (6E0h) and the x2APIC range (800h to 8FFh); every other register is the
 * processor's.
 */
public interface LocalInterruptController extends MsrDevice {
    /** What {@link #acknowledge} returns when no vector is deliverable any more. */
    int NO_VECTOR = -1;

    /**
     * The INTA cycle: moves the vector of highest priority from IRR to ISR and returns it; for an
     * ExtINT it asks the 8259. Returns the spurious vector where the manual says so, or {@link
     * #NO_VECTOR} when nothing is pending.
     */
    int acknowledge();

    /** Whether a vector's handler has begun and no EOI has come for it. */
    default boolean inService(int vector) {
        return false;
    }

    /** CR8: bits 7:4 of the task-priority register. */
    int taskPriority();

    /** MOV to CR8. {@code priority} is 0 to 15. */
    void setTaskPriority(int priority);

    /** The register page, for accesses of this vCPU to {@link #registersAt}. */
    BusDevice registers();

    /**
     * Physical address of the register page, or -1 while it does not answer (disabled, or in x2APIC
     * mode).
     */
    long registersAt();

    /** Whether IA32_APIC_BASE bit 11 is set; CPUID.01H:EDX.APIC shows it. */
    boolean globallyEnabled();

    /**
     * The state after INIT (SDM Vol. 3A, "Local APIC State After It Receives an INIT-Deassert
     * IPI").
     */
    void init();
}
