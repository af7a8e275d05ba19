package dev.carafe.firmware.acpi;

import dev.carafe.firmware.bytes.ByteWriter;

/**
 * The header every system description table begins with (ACPI, "System Description Table Header").
 */
final class TableWriter {
    static final String OEM_ID = "CARAFE";
    private static final String OEM_TABLE_ID = "CARAFEPC";
    private static final String CREATOR_ID = "CRFE";
    private static final int LENGTH_OFFSET = 4;
    private static final int CHECKSUM_OFFSET = 9;

    private TableWriter() {}

    static ByteWriter begin(String signature, int revision, int expectedSize) {
        return new ByteWriter(expectedSize)
                .ascii(signature)
                .u32(0) // length, see finish
                .u8(revision)
                .u8(0) // checksum, see finish
                .ascii(OEM_ID)
                .ascii(OEM_TABLE_ID)
                .u32(1)
                .ascii(CREATOR_ID)
                .u32(1);
    }

    static byte[] finish(ByteWriter table) {
        return table.patch32(LENGTH_OFFSET, table.size())
                .checksum(CHECKSUM_OFFSET, 0, table.size())
                .toByteArray();
    }
}
