package dev.carafe.firmware.linux;

import dev.carafe.firmware.bytes.ByteWriter;

/** Makes small bzImages, right ones and wrong ones: two setup sectors, then the kernel. */
final class TestBzImage {
    static final int CODE_OFFSET = 3 * 512;
    private static final int CODE = 0x1000;

    private final ByteWriter out = new ByteWriter(CODE_OFFSET + CODE).zeros(CODE_OFFSET + CODE);

    TestBzImage() {
        out.patch8(0x1F1, 2)
                .patch32(0x1F4, CODE / 16)
                .patch16(0x1FE, 0xAA55)
                .patch16(0x200, 0x66EB) // jmp behind the header
                .patch32(0x202, 0x5372_6448)
                .patch16(0x206, 0x20F)
                .patch8(0x211, 1)
                .patch32(0x214, 0x100000)
                .patch32(0x22C, 0x7FFF_FFFF)
                .patch32(0x230, 0x200000)
                .patch8(0x234, 1)
                .patch16(0x236, 1)
                .patch32(0x238, 2047)
                .patch64(0x258, 0x100_0000)
                .patch32(0x260, 0x40_0000)
                .patch32(CODE_OFFSET, 0x0BAD_CAFE)
                .patch32(CODE_OFFSET + CODE - 4, 0x600D_CAFE);
    }

    TestBzImage patch8(int at, int value) {
        out.patch8(at, value);
        return this;
    }

    TestBzImage patch16(int at, int value) {
        out.patch16(at, value);
        return this;
    }

    TestBzImage patch32(int at, int value) {
        out.patch32(at, value);
        return this;
    }

    byte[] build() {
        return out.toByteArray();
    }
}
