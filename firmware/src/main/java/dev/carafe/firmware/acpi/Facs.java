package dev.carafe.firmware.acpi;

import dev.carafe.firmware.bytes.ByteWriter;

/**
 * Firmware ACPI Control Structure: no checksum, 64-byte aligned, written by the operating system.
 */
final class Facs {
    private static final int LENGTH = 64;

    private Facs() {}

    static byte[] bytes() {
        return new ByteWriter(LENGTH)
                .ascii("FACS")
                .u32(LENGTH)
                .zeros(24) // hardware signature, waking vector, global lock, flags, 64-bit waking
                // vector
                .u8(1) // version
                .zeros(31)
                .toByteArray();
    }
}
