package dev.carafe.firmware;

/**
 * An ISA interrupt that differs from "edge, active high, same number" (ACPI, "Interrupt Source
 * Override Structure").
 */
public record IrqOverride(int sourceIrq, int globalSystemInterrupt, int flags) {
    /** MPS INTI flags: as the bus specifies. */
    public static final int BUS_DEFAULT = 0;

    /** MPS INTI flags: active high, level triggered. */
    public static final int LEVEL_HIGH = 0x000D;
}
