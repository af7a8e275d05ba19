package dev.carafe.firmware.linux;

import dev.carafe.firmware.GuestLayout;
import dev.carafe.firmware.bytes.ByteWriter;

/** What a loader of this package keeps in conventional memory, from one address up. */
final class LowArea {
    static final int START = GuestLayout.LINUX_AREA;
    static final int GDT = START + 0x1000;
    static final int SETUP_DATA = START + 0x1100;
    static final int PAGE_TABLES = START + 0x2000;
    static final int COMMAND_LINE = START + 0x8000;
    static final int END = GuestLayout.EXTENDED_BIOS_DATA_AREA & 0xFFFF_0000;

    static final int CODE = 0x10;
    static final int DATA = 0x18;

    private static final int TABLE = 0x1000;
    private static final int DIRECTORIES = 4; // one GiB each
    private static final int ENTRIES = 512;
    private static final int PRESENT_WRITABLE = 0x3;
    private static final int LARGE = 0x80;
    private static final int LARGE_SHIFT = 21;
    private static final long FLAT_CODE_32 = 0x00CF_9B00_0000_FFFFL;
    private static final long FLAT_CODE_64 = 0x00AF_9B00_0000_FFFFL;
    private static final long FLAT_DATA = 0x00CF_9300_0000_FFFFL;

    private LowArea() {}

    /** Null, null, code and data, as both of the kernel's entry points want them. */
    static byte[] gdt(boolean wide) {
        return new ByteWriter(32)
                .u64(0)
                .u64(0)
                .u64(wide ? FLAT_CODE_64 : FLAT_CODE_32)
                .u64(FLAT_DATA)
                .toByteArray();
    }

    /** The lowest four GiB mapped to themselves. */
    static byte[] pageTables() {
        ByteWriter out = new ByteWriter((2 + DIRECTORIES) * TABLE);
        out.u64(PAGE_TABLES + TABLE | PRESENT_WRITABLE).align(TABLE);
        for (int i = 0; i < DIRECTORIES; i++) {
            out.u64(PAGE_TABLES + (2 + i) * TABLE | PRESENT_WRITABLE);
        }
        out.align(TABLE);
        for (long i = 0; i < DIRECTORIES * ENTRIES; i++) {
            out.u64(i << LARGE_SHIFT | LARGE | PRESENT_WRITABLE);
        }
        return out.toByteArray();
    }
}
