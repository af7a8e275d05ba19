package dev.carafe.core.isa.sse;

/** The packed elements of a 64-bit lane, 8, 16 or 32 bits each. */
final class Elements {
    /** What happens to one pair of elements; the result is truncated to the element. */
    @FunctionalInterface
    interface Operation {
        long apply(long a, long b);
    }

    private Elements() {}

    static long signed(int bits, long a, long b, Operation operation) {
        long result = 0;
        for (int at = 0; at < 64; at += bits) {
            result |=
                    (operation.apply(signedAt(bits, a, at), signedAt(bits, b, at)) & mask(bits))
                            << at;
        }
        return result;
    }

    static long unsigned(int bits, long a, long b, Operation operation) {
        long result = 0;
        for (int at = 0; at < 64; at += bits) {
            result |=
                    (operation.apply(a >>> at & mask(bits), b >>> at & mask(bits)) & mask(bits))
                            << at;
        }
        return result;
    }

    /** The element whose lowest bit is bit {@code at}. */
    static long signedAt(int bits, long lane, int at) {
        return lane << (64 - bits - at) >> (64 - bits);
    }

    static long mask(int bits) {
        return (1L << bits) - 1;
    }

    /** Each element's lowest bit. */
    static long ones(int bits) {
        return switch (bits) {
            case 8 -> 0x0101_0101_0101_0101L;
            case 16 -> 0x0001_0001_0001_0001L;
            default -> 0x0000_0001_0000_0001L;
        };
    }

    static long clampSigned(int bits, long value) {
        return Math.clamp(value, -1L << (bits - 1), mask(bits - 1));
    }

    static long clampUnsigned(int bits, long value) {
        return Math.clamp(value, 0L, mask(bits));
    }
}
