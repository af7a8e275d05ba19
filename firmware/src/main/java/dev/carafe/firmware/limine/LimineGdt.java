package dev.carafe.firmware.limine;

import dev.carafe.firmware.bytes.ByteWriter;

/**
 * The global descriptor table that the kernel finds (PROTOCOL, "Machine State at Entry", x86-64).
 */
record LimineGdt(byte[] bytes, boolean hasTss) {
    static final int CODE_64 = 0x28;
    static final int DATA_64 = 0x30;
    static final int TSS = 0x38;

    /** From base revision 5 on an empty TSS, marked busy, follows the seven descriptors. */
    static LimineGdt forBaseRevision(int revision) {
        ByteWriter out =
                new ByteWriter(0x48)
                        .u64(0)
                        .u64(0x0000_9B00_0000_FFFFL) // 16-bit code
                        .u64(0x0000_9300_0000_FFFFL) // 16-bit data
                        .u64(0x00CF_9B00_0000_FFFFL) // 32-bit code
                        .u64(0x00CF_9300_0000_FFFFL) // 32-bit data
                        .u64(0x0020_9B00_0000_0000L) // 64-bit code
                        .u64(0x0000_9300_0000_0000L); // 64-bit data
        boolean tss = revision >= 5;
        if (tss) {
            out.u64(0x0000_8B00_0000_0000L).u64(0);
        }
        return new LimineGdt(out.toByteArray(), tss);
    }
}
