package dev.carafe.core.isa.x87;

import dev.carafe.core.cpu.X87State;

/**
 * Addition, multiplication, division and square root (SDM Vol. 1, "Basic Arithmetic Instructions";
 * Vol. 2, the tables of results). The significand is returned, sign and exponent are left in {@link
 * X87State#resultSignExponent}, exceptions in {@link X87State#raised}. When {@link X87#abandoned}
 * holds afterwards there is no result.
 */
final class Float80Arithmetic {
    private Float80Arithmetic() {}

    /**
     * Handles NaNs and unsupported encodings of either operand, and looks for denormals.
     *
     * @return whether the result is settled: it is then {@link #special}'s
     */
    static boolean isSpecial(X87State x, int aSign, long a, int bSign, long b) {
        if (Float80.isNormal(aSign, a) && Float80.isNormal(bSign, b)) {
            return false;
        }
        if (Float80.isUnsupported(aSign, a)
                || Float80.isUnsupported(bSign, b)
                || Float80.isNan(aSign, a)
                || Float80.isNan(bSign, b)) {
            return true;
        }
        if (Float80.isDenormal(aSign, a) || Float80.isDenormal(bSign, b)) {
            x.raised |= X87.DENORMAL;
        }
        return false;
    }

    /**
     * The result that {@link #isSpecial} announced (SDM Vol. 1, "Operating on SNaNs and QNaNs").
     */
    static long special(X87State x, int aSign, long a, int bSign, long b) {
        x.raised = 0; // not for a denormal in memory
        if (Float80.isUnsupported(aSign, a) || Float80.isUnsupported(bSign, b)) {
            return invalid(x);
        }
        boolean aNan = Float80.isNan(aSign, a);
        boolean bNan = Float80.isNan(bSign, b);
        boolean aSignals = aNan && (a & Float80.QUIET) == 0;
        boolean bSignals = bNan && (b & Float80.QUIET) == 0;
        if (aSignals || bSignals) {
            x.raised |= X87.INVALID;
        }
        if (aNan && (!bNan || preferFirst(aSign, a, aSignals, bSign, b, bSignals))) {
            x.resultSignExponent = aSign;
            return a | Float80.QUIET;
        }
        x.resultSignExponent = bSign;
        return b | Float80.QUIET;
    }

    private static boolean preferFirst(
            int aSign, long a, boolean aSignals, int bSign, long b, boolean bSignals) {
        if (aSignals != bSignals) {
            return bSignals;
        }
        int order = Long.compareUnsigned(a, b);
        return order == 0 ? !Float80.negative(aSign) : order > 0;
    }

    static long invalid(X87State x) {
        x.raised |= X87.INVALID;
        return Float80.indefinite(x);
    }

    static long zero(X87State x, boolean negative) {
        x.resultSignExponent = negative ? Float80.SIGN : 0;
        return 0;
    }

    static long infinity(X87State x, boolean negative) {
        x.resultSignExponent = Float80.MAX_EXPONENT | (negative ? Float80.SIGN : 0);
        return Float80.INTEGER_BIT;
    }

    private static long same(X87State x, int sign, long value) {
        x.resultSignExponent = sign;
        return value;
    }

    // ---- addition

    static long add(X87State x, int aSign, long a, int bSign, long b) {
        if (isSpecial(x, aSign, a, bSign, b)) {
            return special(x, aSign, a, bSign, b);
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        boolean aInfinite = Float80.isInfinite(aSign, a);
        if (aInfinite || Float80.isInfinite(bSign, b)) {
            boolean bInfinite = Float80.isInfinite(bSign, b);
            if (aInfinite && bInfinite && aSign != bSign) {
                return invalid(x);
            }
            return aInfinite ? same(x, aSign, a) : same(x, bSign, b);
        }
        boolean aNegative = Float80.negative(aSign);
        boolean bNegative = Float80.negative(bSign);
        if (a == 0 && b == 0) {
            return zero(x, aNegative == bNegative ? aNegative : Float80Rounder.zeroIsNegative(x));
        }
        if (a == 0) {
            return finite(x, bSign, b);
        }
        if (b == 0) {
            return finite(x, aSign, a);
        }
        int aExponent = Float80.normalExponent(aSign, a);
        int bExponent = Float80.normalExponent(bSign, b);
        long aBits = Float80.normalSignificand(a);
        long bBits = Float80.normalSignificand(b);
        boolean swap =
                aExponent < bExponent
                        || aExponent == bExponent && Long.compareUnsigned(aBits, bBits) < 0;
        return swap
                ? sum(x, bNegative, bExponent, bBits, aNegative, aExponent, aBits)
                : sum(x, aNegative, aExponent, aBits, bNegative, bExponent, bBits);
    }

    static long subtract(X87State x, int aSign, long a, int bSign, long b) {
        // The sign of a NaN is not the subtraction's to change.
        boolean nan = Float80.isNan(bSign, b);
        return add(x, aSign, a, nan ? bSign : bSign ^ Float80.SIGN, b);
    }

    /** A finite number other than zero, rounded. */
    private static long finite(X87State x, int sign, long value) {
        return Float80Rounder.round(
                x,
                Float80.negative(sign),
                Float80.normalExponent(sign, value),
                Float80.normalSignificand(value),
                0);
    }

    /** The first is at least as large as the second. */
    private static long sum(
            X87State x,
            boolean negative,
            int exponent,
            long large,
            boolean otherNegative,
            int otherExponent,
            long small) {
        int shift = exponent - otherExponent;
        long high = shift > 63 ? 0 : small >>> shift;
        long low = Float80Rounder.shiftedOut(shift, small, 0);
        if (negative == otherNegative) {
            long sum = large + high;
            if (Long.compareUnsigned(sum, large) >= 0) {
                return Float80Rounder.round(x, negative, exponent, sum, low);
            }
            return Float80Rounder.round(
                    x,
                    negative,
                    exponent + 1,
                    sum >>> 1 | Float80.INTEGER_BIT,
                    sum << 63 | low >>> 1 | low & 1);
        }
        long difference = large - high - (low != 0 ? 1 : 0);
        long rest = -low;
        if (difference == 0 && rest == 0) {
            return zero(x, Float80Rounder.zeroIsNegative(x));
        }
        return normalized(x, negative, exponent, difference, rest);
    }

    /** Rounds a number whose highest bit may stand anywhere. */
    static long normalized(X87State x, boolean negative, int exponent, long high, long low) {
        if (high == 0) {
            int zeros = Long.numberOfLeadingZeros(low);
            return Float80Rounder.round(x, negative, exponent - 64 - zeros, low << zeros, 0);
        }
        int zeros = Long.numberOfLeadingZeros(high);
        if (zeros == 0) {
            return Float80Rounder.round(x, negative, exponent, high, low);
        }
        return Float80Rounder.round(
                x, negative, exponent - zeros, high << zeros | low >>> 64 - zeros, low << zeros);
    }

    // ---- multiplication

    static long multiply(X87State x, int aSign, long a, int bSign, long b) {
        if (isSpecial(x, aSign, a, bSign, b)) {
            return special(x, aSign, a, bSign, b);
        }
        boolean negative = Float80.negative(aSign ^ bSign);
        boolean infinite = Float80.isInfinite(aSign, a) || Float80.isInfinite(bSign, b);
        if (infinite && (a == 0 || b == 0)) {
            return invalid(x);
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        if (infinite) {
            return infinity(x, negative);
        }
        if (a == 0 || b == 0) {
            return zero(x, negative);
        }
        long aBits = Float80.normalSignificand(a);
        long bBits = Float80.normalSignificand(b);
        int exponent =
                Float80.normalExponent(aSign, a)
                        + Float80.normalExponent(bSign, b)
                        - Float80.BIAS
                        + 1;
        long high = Math.unsignedMultiplyHigh(aBits, bBits);
        long low = aBits * bBits;
        return high < 0
                ? Float80Rounder.round(x, negative, exponent, high, low)
                : Float80Rounder.round(x, negative, exponent - 1, high << 1 | low >>> 63, low << 1);
    }

    // ---- division

    static long divide(X87State x, int aSign, long a, int bSign, long b) {
        if (isSpecial(x, aSign, a, bSign, b)) {
            return special(x, aSign, a, bSign, b);
        }
        boolean negative = Float80.negative(aSign ^ bSign);
        boolean aInfinite = Float80.isInfinite(aSign, a);
        boolean bInfinite = Float80.isInfinite(bSign, b);
        if (aInfinite && bInfinite || a == 0 && b == 0) {
            return invalid(x);
        }
        if (b == 0 && !aInfinite) {
            x.raised = X87.ZERO_DIVIDE; // and not for a denormal
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        if (aInfinite || b == 0) {
            return infinity(x, negative);
        }
        if (a == 0 || bInfinite) {
            return zero(x, negative);
        }
        return quotient(
                x,
                negative,
                Float80.normalExponent(aSign, a) - Float80.normalExponent(bSign, b) + Float80.BIAS,
                Float80.normalSignificand(a),
                Float80.normalSignificand(b));
    }

    private static long quotient(X87State x, boolean negative, int exponent, long a, long b) {
        boolean below = Long.compareUnsigned(a, b) < 0;
        long high = below ? a : a >>> 1;
        long low = below ? 0 : a << 63;
        long quotient = Wide.divide(high, low, b);
        long rest = low - quotient * b;
        return Float80Rounder.round(
                x, negative, below ? exponent - 1 : exponent, quotient, behind(rest, b));
    }

    /** What follows a quotient, as far as rounding asks. */
    private static long behind(long rest, long divisor) {
        if (rest == 0) {
            return 0;
        }
        int order = Long.compareUnsigned(rest, divisor - rest);
        return order < 0 ? 1 : order == 0 ? 1L << 63 : 1L << 63 | 1;
    }

    // ---- square root

    static long squareRoot(X87State x, int sign, long value) {
        if (isSpecial(x, sign, value, sign, value)) {
            return special(x, sign, value, sign, value);
        }
        if (value == 0) {
            return same(x, sign, value);
        }
        if (Float80.negative(sign)) {
            x.raised &= ~X87.DENORMAL;
            return invalid(x);
        }
        if (X87.abandoned(x) || Float80.isInfinite(sign, value)) {
            return same(x, sign, value);
        }
        int exponent = Float80.normalExponent(sign, value) - Float80.BIAS;
        long bits = Float80.normalSignificand(value);
        boolean odd = (exponent & 1) != 0;
        long high = odd ? bits : bits >>> 1;
        long low = odd ? 0 : bits << 63;
        long root = Wide.squareRoot(high, low);
        // The remainder is at most twice the root: above the root itself means beyond one half.
        long rest = low - root * root;
        boolean exact = rest == 0 && Math.unsignedMultiplyHigh(root, root) == high;
        boolean beyondHalf =
                high
                                        - Math.unsignedMultiplyHigh(root, root)
                                        - (Long.compareUnsigned(low, root * root) < 0 ? 1 : 0)
                                > 0
                        || Long.compareUnsigned(rest, root) > 0;
        long behind = exact ? 0 : beyondHalf ? 1L << 63 | 1 : 1;
        return Float80Rounder.round(x, false, (exponent >> 1) + Float80.BIAS, root, behind);
    }
}
