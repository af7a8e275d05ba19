package dev.carafe.firmware.acpi;

import dev.carafe.firmware.bytes.ByteWriter;

/** Resource descriptors (ACPI, "Resource Data Types for ACPI"). */
final class ResourceWriter {
    private static final int IRQ_NO_FLAGS = 0x22;
    private static final int IO_PORT = 0x47;
    private static final int END_TAG = 0x79;
    private static final int MEMORY_32_FIXED = 0x86;
    private static final int DWORD_ADDRESS_SPACE = 0x87;
    private static final int WORD_ADDRESS_SPACE = 0x88;

    private static final int MEMORY_RANGE = 0;
    private static final int IO_RANGE = 1;
    private static final int BUS_NUMBER_RANGE = 2;
    private static final int FIXED_PRODUCER = 0x0C; // minimum and maximum fixed, positive decode
    private static final int ENTIRE_RANGE = 3;
    private static final int READ_WRITE = 1;
    private static final int CACHEABLE = 2;

    private final ByteWriter out = new ByteWriter(64);

    ResourceWriter io(int port, int alignment, int count) {
        out.u8(IO_PORT).u8(1).u16(port).u16(port).u8(alignment).u8(count);
        return this;
    }

    ResourceWriter irq(int number) {
        out.u8(IRQ_NO_FLAGS).u16(1 << number);
        return this;
    }

    ResourceWriter memory32Fixed(long base, int length) {
        out.u8(MEMORY_32_FIXED).u16(9).u8(1).u32((int) base).u32(length);
        return this;
    }

    ResourceWriter busNumbers(int first, int last) {
        return word(BUS_NUMBER_RANGE, 0, first, last);
    }

    ResourceWriter ioWindow(int first, int last) {
        return word(IO_RANGE, ENTIRE_RANGE, first, last);
    }

    ResourceWriter memoryWindow(long first, long last, boolean cacheable) {
        out.u8(DWORD_ADDRESS_SPACE).u16(23).u8(MEMORY_RANGE).u8(FIXED_PRODUCER);
        out.u8(cacheable ? CACHEABLE | READ_WRITE : READ_WRITE);
        out.u32(0).u32((int) first).u32((int) last).u32(0).u32((int) (last - first + 1));
        return this;
    }

    private ResourceWriter word(int type, int typeFlags, int first, int last) {
        out.u8(WORD_ADDRESS_SPACE).u16(13).u8(type).u8(FIXED_PRODUCER).u8(typeFlags);
        out.u16(0).u16(first).u16(last).u16(0).u16(last - first + 1);
        return this;
    }

    /** With the end tag; its zero checksum means "not checked". */
    byte[] finish() {
        return out.u8(END_TAG).u8(0).toByteArray();
    }
}
