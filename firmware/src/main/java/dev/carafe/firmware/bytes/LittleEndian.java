package dev.carafe.firmware.bytes;

/**
 * Little-endian numbers in byte arrays, as x86 stores them. Plain shifts instead of byte-array
 * views: views cost milliseconds of method-handle set-up, and this runs before the first guest
 * byte.
 */
public final class LittleEndian {
    private LittleEndian() {}

    public static int get16(byte[] data, int offset) {
        return data[offset] & 0xFF | (data[offset + 1] & 0xFF) << 8;
    }

    public static int get32(byte[] data, int offset) {
        return data[offset] & 0xFF
                | (data[offset + 1] & 0xFF) << 8
                | (data[offset + 2] & 0xFF) << 16
                | data[offset + 3] << 24;
    }

    public static long get64(byte[] data, int offset) {
        return get32(data, offset) & 0xFFFF_FFFFL | (long) get32(data, offset + 4) << 32;
    }

    public static void put16(byte[] data, int offset, int value) {
        data[offset] = (byte) value;
        data[offset + 1] = (byte) (value >> 8);
    }

    public static void put32(byte[] data, int offset, int value) {
        data[offset] = (byte) value;
        data[offset + 1] = (byte) (value >> 8);
        data[offset + 2] = (byte) (value >> 16);
        data[offset + 3] = (byte) (value >> 24);
    }

    public static void put64(byte[] data, int offset, long value) {
        put32(data, offset, (int) value);
        put32(data, offset + 4, (int) (value >>> 32));
    }
}
