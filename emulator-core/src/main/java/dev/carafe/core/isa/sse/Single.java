package dev.carafe.core.isa.sse;

/** Single-precision elements in the two halves of a 64-bit lane. */
final class Single {
    private Single() {}

    static long low(long lane) {
        return lane & 0xFFFF_FFFFL;
    }

    static long pair(long low, long high) {
        return high << 32 | low & 0xFFFF_FFFFL;
    }
}
