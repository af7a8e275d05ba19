package dev.carafe.core.isa.sse;

/**
 * Numbers on which nothing but the precision exception can happen: neither zero nor denormal nor
 * the smallest binade, which rounding may have entered from below, nor infinite nor NaN.
 */
final class Ordinary {
    private Ordinary() {}

    static boolean all(long a, long b, long result) {
        return is(a) && is(b) && is(result);
    }

    static boolean all(int a, int b, int result) {
        return is(a) && is(b) && is(result);
    }

    private static boolean is(long bits) {
        int exponent = (int) (bits >>> 52) & 0x7FF;
        return exponent >= 2 && exponent <= 0x7FE;
    }

    private static boolean is(int bits) {
        int exponent = bits >>> 23 & 0xFF;
        return exponent >= 2 && exponent <= 0xFE;
    }
}
