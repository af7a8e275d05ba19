package dev.carafe.core.isa.decode;

import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link java.io.DataOutput} wrote, byte by byte and through nothing else: this happens
 * at every start, some ten thousand times, and no compiler has been here before.
 */
final class CompactBytes {
    private final byte[] bytes;
    private int at;

    CompactBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    int u8() {
        return bytes[at++] & 0xFF;
    }

    int s8() {
        return bytes[at++];
    }

    boolean flag() {
        return bytes[at++] != 0;
    }

    int u16() {
        at += Short.BYTES;
        return (bytes[at - 2] & 0xFF) << 8 | bytes[at - 1] & 0xFF;
    }

    int s16() {
        return (short) u16();
    }

    int s32() {
        return u16() << 16 | u16();
    }

    /** A length in bytes, and that many characters. */
    String text() {
        int length = s32();
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.ISO_8859_1);
    }
}
