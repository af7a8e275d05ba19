package dev.carafe.firmware;

/**
 * Ports of the ACPI fixed hardware (ACPI, "ACPI Hardware Features"), and the interrupt it raises.
 */
public record PmRegisters(
        int sciInterrupt,
        int smiCommandPort,
        int acpiEnable,
        int acpiDisable,
        int eventBlock,
        int controlBlock,
        int timerBlock,
        int gpe0Block,
        int gpe0Length) {
    static final PmRegisters Q35 =
            new PmRegisters(9, 0xB2, 0x02, 0x03, 0x600, 0x604, 0x608, 0x620, 16);
    static final PmRegisters PC =
            new PmRegisters(9, 0xB2, 0xF1, 0xF0, 0x600, 0x604, 0x608, 0xAFE0, 4);
}
