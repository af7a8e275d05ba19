package dev.carafe.core.isa.x87;

import dev.carafe.core.cpu.X87State;

/**
 * The double extended-precision format (SDM Vol. 1, "x87 FPU Data Types", "Unsupported Double
 * Extended-Precision Floating-Point Encodings and Pseudo-Denormals") and the conversions into it,
 * which are exact.
 */
final class Float80 {
    static final int SIGN = 0x8000;
    static final int MAX_EXPONENT = 0x7FFF;
    static final int BIAS = 0x3FFF;
    static final long INTEGER_BIT = 1L << 63;
    static final long QUIET = 1L << 62;

    /** The default NaN, "real indefinite". */
    static final int INDEFINITE_SIGN_EXPONENT = 0xFFFF;

    static final long INDEFINITE = INTEGER_BIT | QUIET;

    private static final int SINGLE_TO_EXTENDED = BIAS - 127;
    private static final int DOUBLE_TO_EXTENDED = BIAS - 1023;

    private Float80() {}

    static boolean negative(int signExponent) {
        return (signExponent & SIGN) != 0;
    }

    static int exponent(int signExponent) {
        return signExponent & MAX_EXPONENT;
    }

    static boolean isZero(int signExponent, long significand) {
        return significand == 0 && exponent(signExponent) == 0;
    }

    static boolean isNan(int signExponent, long significand) {
        return exponent(signExponent) == MAX_EXPONENT && significand << 1 != 0 && significand < 0;
    }

    static boolean isSignaling(int signExponent, long significand) {
        return isNan(signExponent, significand) && (significand & QUIET) == 0;
    }

    static boolean isInfinite(int signExponent, long significand) {
        return exponent(signExponent) == MAX_EXPONENT && significand == INTEGER_BIT;
    }

    /** Unnormals, pseudo-infinities and pseudo-NaNs: any arithmetic on them is invalid. */
    static boolean isUnsupported(int signExponent, long significand) {
        return significand >= 0 && exponent(signExponent) != 0;
    }

    /** Denormals and pseudo-denormals. */
    static boolean isDenormal(int signExponent, long significand) {
        return significand != 0 && exponent(signExponent) == 0;
    }

    /** Neither zero nor denormal nor infinite nor NaN nor unsupported. */
    static boolean isNormal(int signExponent, long significand) {
        int exponent = exponent(signExponent);
        return significand < 0 && exponent != 0 && exponent != MAX_EXPONENT;
    }

    /**
     * The exponent that a finite number other than zero would have with its significand moved up to
     * the integer bit.
     */
    static int normalExponent(int signExponent, long significand) {
        return Math.max(exponent(signExponent), 1) - Long.numberOfLeadingZeros(significand);
    }

    /** That significand. */
    static long normalSignificand(long significand) {
        return significand << Long.numberOfLeadingZeros(significand);
    }

    // ---- exact conversions: the significand is returned, sign and exponent left in the state

    static long indefinite(X87State x) {
        x.resultSignExponent = INDEFINITE_SIGN_EXPONENT;
        return INDEFINITE;
    }

    static long fromSingle(X87State x, int bits) {
        int sign = bits >>> 16 & SIGN;
        return expand(x, sign, bits >>> 23 & 0xFF, 0xFF, (long) bits << 41, SINGLE_TO_EXTENDED);
    }

    static long fromDouble(X87State x, long bits) {
        int sign = (int) (bits >>> 48) & SIGN;
        return expand(x, sign, (int) (bits >>> 52) & 0x7FF, 0x7FF, bits << 12, DOUBLE_TO_EXTENDED);
    }

    /**
     * @param fraction with its highest bit at bit 63
     */
    private static long expand(
            X87State x, int sign, int exponent, int maximum, long fraction, int rebias) {
        if (exponent == maximum) {
            x.resultSignExponent = sign | MAX_EXPONENT;
            return INTEGER_BIT | fraction >>> 1;
        }
        if (exponent != 0) {
            x.resultSignExponent = sign | exponent + rebias;
            return INTEGER_BIT | fraction >>> 1;
        }
        if (fraction == 0) {
            x.resultSignExponent = sign;
            return 0;
        }
        int zeros = Long.numberOfLeadingZeros(fraction);
        x.resultSignExponent = sign | rebias - zeros;
        return fraction << zeros;
    }

    /** Whether a single-precision pattern is a denormal, which its conversion no longer shows. */
    static boolean isDenormalSingle(int bits) {
        return (bits & 0x7F80_0000) == 0 && bits << 1 != 0;
    }

    static boolean isDenormalDouble(long bits) {
        return (bits & 0x7FF0_0000_0000_0000L) == 0 && bits << 1 != 0;
    }

    static long fromInteger(X87State x, long value) {
        if (value == 0) {
            x.resultSignExponent = 0;
            return 0;
        }
        long magnitude = Math.abs(value); // 2^63 for the smallest, as wanted
        int zeros = Long.numberOfLeadingZeros(magnitude);
        x.resultSignExponent = (value < 0 ? SIGN : 0) | BIAS + 63 - zeros;
        return magnitude << zeros;
    }
}
