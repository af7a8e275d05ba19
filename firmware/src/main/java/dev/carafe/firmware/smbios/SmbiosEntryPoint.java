package dev.carafe.firmware.smbios;

import dev.carafe.firmware.bytes.ByteWriter;

/**
 * The two anchors by which software finds the structures (DSP0134, "SMBIOS Structure Table Entry
 * Point").
 */
final class SmbiosEntryPoint {
    private SmbiosEntryPoint() {}

    /** Version 2.8, 32-bit. */
    static byte[] entry32(int address, int tableLength, int count, int largest) {
        return new ByteWriter(0x1F)
                .ascii("_SM_")
                .u8(0)
                .u8(0x1F)
                .u8(2)
                .u8(8)
                .u16(largest)
                .u8(0)
                .zeros(5)
                .ascii("_DMI_")
                .u8(0)
                .u16(tableLength)
                .u32(address)
                .u16(count)
                .u8(0x28)
                .checksum(0x15, 0x10, 0x0F)
                .checksum(4, 0, 0x1F)
                .toByteArray();
    }

    /** Version 3.0, 64-bit. */
    static byte[] entry64(long address, int tableLength) {
        return new ByteWriter(0x18)
                .ascii("_SM3_")
                .u8(0)
                .u8(0x18)
                .u8(3)
                .u8(0)
                .u8(0)
                .u8(1)
                .u8(0)
                .u32(tableLength)
                .u64(address)
                .checksum(5, 0, 0x18)
                .toByteArray();
    }
}
