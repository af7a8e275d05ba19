package dev.carafe.devices.apic;

/**
 * What a local APIC is born with.
 *
 * @param apicId the x2APIC ID; its low eight bits are the initial xAPIC ID
 * @param bootstrap whether this is the bootstrap processor's
 * @param x2apic whether CPUID.01H:ECX.x2APIC is set
 * @param physicalAddressBits MAXPHYADDR, 32 to 52
 */
public record ApicIdentity(int apicId, boolean bootstrap, boolean x2apic, int physicalAddressBits) {
    public ApicIdentity {
        if (apicId < 0) {
            throw new IllegalArgumentException("APIC ID " + apicId);
        }
        if (physicalAddressBits < 32 || physicalAddressBits > 52) {
            throw new IllegalArgumentException(physicalAddressBits + " physical address bits");
        }
    }
}
