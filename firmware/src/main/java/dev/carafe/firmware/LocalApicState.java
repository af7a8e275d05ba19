package dev.carafe.firmware;

/** What firmware and loader left in a local APIC; everything not named here is as after reset. */
public record LocalApicState(int spuriousVector, int lint0, int lint1, boolean x2Apic) {
    private static final int SOFTWARE_ENABLED = 0x1FF;
    private static final int MASKED = 0x10000;
    private static final int EXT_INT_LEVEL = 0x8700;
    private static final int NMI_LEVEL = 0x8400;
    private static final int NMI = 0x400;

    /** Never touched by software. */
    public static final LocalApicState RESET = new LocalApicState(0xFF, MASKED, MASKED, false);

    /** The BSP as a PC BIOS leaves it: virtual wire mode, 8259 through LINT0, NMI through LINT1. */
    public static LocalApicState virtualWire(boolean x2Apic) {
        return new LocalApicState(SOFTWARE_ENABLED, EXT_INT_LEVEL, NMI_LEVEL, x2Apic);
    }

    /** An application processor that a loader before base revision 5 has started. */
    public static LocalApicState started(boolean x2Apic) {
        return new LocalApicState(0xFF, MASKED, MASKED, x2Apic);
    }

    /** Base revision 5: enabled with every local vector masked. */
    public static LocalApicState enabledAndMasked(boolean bsp, boolean x2Apic) {
        return new LocalApicState(
                SOFTWARE_ENABLED, bsp ? MASKED | EXT_INT_LEVEL : MASKED, MASKED | NMI, x2Apic);
    }
}
