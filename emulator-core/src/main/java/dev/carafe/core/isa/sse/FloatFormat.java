package dev.carafe.core.isa.sse;

/**
 * A binary interchange format (SDM Vol. 1, "Floating-Point Data Types"); values travel as bit
 * patterns in the low bits of a {@code long}.
 *
 * @param bits of the whole pattern
 * @param fraction bits of the fraction
 * @param infinity the pattern of +∞: all exponent bits set
 */
record FloatFormat(int bits, int fraction, long infinity) {
    static final FloatFormat HALF = new FloatFormat(16, 10, 0x7C00L);
    static final FloatFormat SINGLE = new FloatFormat(32, 23, 0x7F80_0000L);
    static final FloatFormat DOUBLE = new FloatFormat(64, 52, 0x7FF0_0000_0000_0000L);

    /** The sign bit alone, which is also −0. */
    long sign() {
        return 1L << (bits - 1);
    }

    long magnitude(long value) {
        return value & sign() - 1;
    }

    boolean negative(long value) {
        return (value & sign()) != 0;
    }

    long quietBit() {
        return 1L << (fraction - 1);
    }

    /** "QNaN floating-point indefinite", the answer to an invalid operation. */
    long indefinite() {
        return sign() | infinity | quietBit();
    }

    boolean isNan(long value) {
        return magnitude(value) > infinity;
    }

    boolean isSignaling(long value) {
        return isNan(value) && (value & quietBit()) == 0;
    }

    boolean isInfinite(long value) {
        return magnitude(value) == infinity;
    }

    boolean isZero(long value) {
        return magnitude(value) == 0;
    }

    boolean isDenormal(long value) {
        return (value & infinity) == 0 && magnitude(value) != 0;
    }

    /** Exponent of the smallest normal number. */
    int minExponent() {
        return 2 - (1 << (bits - fraction - 2));
    }

    /** The significand as an integer, hidden bit included. */
    long significand(long value) {
        long fractionField = value & (1L << fraction) - 1;
        return (value & infinity) == 0 ? fractionField : fractionField | 1L << fraction;
    }

    /** The power of two that {@link #significand} is to be multiplied by. */
    int scale(long value) {
        int field = (int) ((value & infinity) >>> fraction);
        return Math.max(field, 1) - 1 + minExponent() - fraction;
    }
}
