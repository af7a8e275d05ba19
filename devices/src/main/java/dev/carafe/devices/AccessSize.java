package dev.carafe.devices;

/** Values as wide as a bus access. */
public final class AccessSize {
    private AccessSize() {}

    /** All ones of {@code size} bytes: what an access reads where nothing answers. */
    public static long allOnes(int size) {
        return size >= Long.BYTES ? -1L : (1L << (8 * size)) - 1;
    }

    /** The {@code size} bytes of {@code value} from byte {@code first} on. */
    public static long extract(long value, int first, int size) {
        return first >= Long.BYTES ? 0 : (value >>> (8 * first)) & allOnes(size);
    }

    /** {@code old} with {@code size} bytes from byte {@code first} on replaced by {@code value}. */
    public static long replace(long old, int first, int size, long value) {
        if (first >= Long.BYTES) {
            return old;
        }
        long mask = allOnes(size) << (8 * first);
        return (old & ~mask) | ((value << (8 * first)) & mask);
    }
}
