package dev.carafe.firmware.acpi;

import dev.carafe.firmware.bytes.ByteWriter;

/** Root System Description Pointer, revision 2, naming both the RSDT and the XSDT. */
final class Rsdp {
    private static final int LENGTH = 36;
    private static final int FIRST_LENGTH = 20; // what revision 0 covers with its checksum

    private Rsdp() {}

    static byte[] bytes(long rsdt, long xsdt) {
        return new ByteWriter(LENGTH)
                .ascii("RSD PTR ")
                .u8(0)
                .ascii(TableWriter.OEM_ID)
                .u8(2)
                .u32((int) rsdt)
                .u32(LENGTH)
                .u64(xsdt)
                .u8(0)
                .zeros(3)
                .checksum(8, 0, FIRST_LENGTH)
                .checksum(32, 0, LENGTH)
                .toByteArray();
    }
}
