package dev.carafe.firmware.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array that is written from its start to its end, little-endian, and may be patched
 * behind.
 */
public final class ByteWriter {
    private byte[] data;
    private int size;

    public ByteWriter(int expectedSize) {
        data = new byte[Math.max(16, expectedSize)];
    }

    public int size() {
        return size;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(data, size);
    }

    public ByteWriter u8(int value) {
        reserve(1);
        data[size++] = (byte) value;
        return this;
    }

    public ByteWriter u16(int value) {
        reserve(2);
        LittleEndian.put16(data, size, value);
        size += 2;
        return this;
    }

    public ByteWriter u32(int value) {
        reserve(4);
        LittleEndian.put32(data, size, value);
        size += 4;
        return this;
    }

    public ByteWriter u64(long value) {
        reserve(8);
        LittleEndian.put64(data, size, value);
        size += 8;
        return this;
    }

    public ByteWriter zeros(int count) {
        reserve(count);
        size += count;
        return this;
    }

    public ByteWriter bytes(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, data, size, bytes.length);
        size += bytes.length;
        return this;
    }

    /** The characters alone, one byte each: table signatures and names of fixed width. */
    public ByteWriter ascii(String text) {
        return bytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A C string: UTF-8 and a final zero. */
    public ByteWriter string(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8)).u8(0);
    }

    /** Zeros up to the next multiple of {@code alignment}, a power of two. */
    public ByteWriter align(int alignment) {
        return zeros(-size & (alignment - 1));
    }

    public ByteWriter patch8(int offset, int value) {
        data[offset] = (byte) value;
        return this;
    }

    public ByteWriter patch16(int offset, int value) {
        LittleEndian.put16(data, offset, value);
        return this;
    }

    public ByteWriter patch32(int offset, int value) {
        LittleEndian.put32(data, offset, value);
        return this;
    }

    public ByteWriter patch64(int offset, long value) {
        LittleEndian.put64(data, offset, value);
        return this;
    }

    /**
     * Sets the byte at {@code at} so that {@code length} bytes from {@code offset} sum to zero
     * modulo 256.
     */
    public ByteWriter checksum(int at, int offset, int length) {
        data[at] = 0;
        int sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += data[i];
        }
        data[at] = (byte) -sum;
        return this;
    }

    private void reserve(int count) {
        if (size + count > data.length) {
            data = Arrays.copyOf(data, Math.max(size + count, data.length * 2));
        }
    }
}
