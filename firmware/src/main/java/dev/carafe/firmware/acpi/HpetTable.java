package dev.carafe.firmware.acpi;

import dev.carafe.firmware.MachineDescription;

/** HPET description table (IA-PC HPET Specification, "The ACPI 2.0 HPET Description Table"). */
final class HpetTable {
    /**
     * Low half of the capabilities register: Intel, legacy replacement, 64-bit counter, three
     * timers, revision 1.
     */
    private static final int EVENT_TIMER_BLOCK_ID = 0x8086_A201;

    private HpetTable() {}

    static byte[] bytes(MachineDescription machine) {
        return TableWriter.finish(
                TableWriter.begin("HPET", 1, 56)
                        .u32(EVENT_TIMER_BLOCK_ID)
                        .u32(0) // generic address: memory space, widths unspecified
                        .u64(machine.hpetAddress())
                        .u8(0)
                        .u16(0)
                        .u8(0));
    }
}
