package dev.carafe.firmware.acpi;

import dev.carafe.firmware.GuestLayout;

/**
 * PCI Express memory-mapped configuration space (PCI Firmware Specification, "MCFG Table
 * Description").
 */
final class Mcfg {
    private Mcfg() {}

    static byte[] bytes() {
        return TableWriter.finish(
                TableWriter.begin("MCFG", 1, 60)
                        .zeros(8)
                        .u64(GuestLayout.ECAM)
                        .u16(0) // segment group
                        .u8(0)
                        .u8(0xFF)
                        .u32(0));
    }
}
