package dev.carafe.core.isa.x87;

import dev.carafe.core.cpu.X87State;

/**
 * A number of 128 bits, in which the transcendental functions are computed: ±1.fff × 2^exponent.
 * Operations cut, and are wrong by a few units of the last place. Immutable.
 *
 * @param exponent of the first bit
 * @param high bit 63 is set, or the number is zero
 */
record Real(boolean negative, int exponent, long high, long low) {
    static final Real ZERO = new Real(false, 0, 0, 0);
    static final Real ONE = new Real(false, 0, Long.MIN_VALUE, 0);
    static final Real TWO = new Real(false, 1, Long.MIN_VALUE, 0);
    static final Real PI = new Real(false, 1, 0xC90FDAA22168C234L, 0xC4C6628B80DC1CD1L);
    static final Real LN_2 = new Real(false, -1, 0xB17217F7D1CF79ABL, 0xC9E3B39803F2F6AFL);
    static final Real LOG2_E = new Real(false, 0, 0xB8AA3B295C17F0BBL, 0xBE87FED0691D3E88L);

    /** A finite 80-bit number. */
    static Real of(int signExponent, long significand) {
        return significand == 0
                ? ZERO
                : new Real(
                        Float80.negative(signExponent),
                        Float80.normalExponent(signExponent, significand) - Float80.BIAS,
                        Float80.normalSignificand(significand),
                        0);
    }

    static Real of(int value) {
        return normal(value < 0, 63, Math.abs((long) value), 0);
    }

    /** The bits high:low, the first of which is worth 2^exponent, moved up. */
    static Real normal(boolean negative, int exponent, long high, long low) {
        if (high == 0) {
            if (low == 0) {
                return ZERO;
            }
            int zeros = Long.numberOfLeadingZeros(low);
            return new Real(negative, exponent - 64 - zeros, low << zeros, 0);
        }
        int zeros = Long.numberOfLeadingZeros(high);
        return zeros == 0
                ? new Real(negative, exponent, high, low)
                : new Real(
                        negative,
                        exponent - zeros,
                        high << zeros | low >>> 64 - zeros,
                        low << zeros);
    }

    boolean isZero() {
        return high == 0;
    }

    Real negate() {
        return new Real(!negative, exponent, high, low);
    }

    Real magnitude() {
        return new Real(false, exponent, high, low);
    }

    /** Times 2^by. */
    Real scaled(int by) {
        return isZero() ? this : new Real(negative, exponent + by, high, low);
    }

    Real plus(Real other) {
        if (isZero()) {
            return other;
        }
        if (other.isZero()) {
            return this;
        }
        return compareMagnitude(other) >= 0 ? sum(this, other) : sum(other, this);
    }

    Real minus(Real other) {
        return plus(other.negate());
    }

    private static Real sum(Real large, Real small) {
        int shift = large.exponent - small.exponent;
        long high = shift > 63 ? 0 : small.high >>> shift;
        long low = shifted(small, shift);
        if (large.negative == small.negative) {
            long sumLow = large.low + low;
            long carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
            long sumHigh = large.high + high + carry;
            int order = Long.compareUnsigned(sumHigh, large.high);
            boolean overflow = order < 0 || order == 0 && (high | carry) != 0;
            return !overflow
                    ? new Real(large.negative, large.exponent, sumHigh, sumLow)
                    : new Real(
                            large.negative,
                            large.exponent + 1,
                            sumHigh >>> 1 | Long.MIN_VALUE,
                            sumHigh << 63 | sumLow >>> 1);
        }
        long borrow = Long.compareUnsigned(large.low, low) < 0 ? 1 : 0;
        return normal(large.negative, large.exponent, large.high - high - borrow, large.low - low);
    }

    private static long shifted(Real value, int shift) {
        if (shift == 0) {
            return value.low;
        }
        if (shift < 64) {
            return value.high << 64 - shift | value.low >>> shift;
        }
        return shift < 128 ? value.high >>> shift - 64 : 0;
    }

    int compareMagnitude(Real other) {
        if (isZero() || other.isZero()) {
            return Boolean.compare(!isZero(), !other.isZero());
        }
        if (exponent != other.exponent) {
            return Integer.compare(exponent, other.exponent);
        }
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    Real times(Real other) {
        if (isZero() || other.isZero()) {
            return ZERO;
        }
        long top = Math.unsignedMultiplyHigh(high, other.high);
        long middle = high * other.high;
        long a = Math.unsignedMultiplyHigh(high, other.low);
        long b = Math.unsignedMultiplyHigh(low, other.high);
        long sum = middle + a;
        top += Long.compareUnsigned(sum, a) < 0 ? 1 : 0;
        long bottom = sum + b;
        top += Long.compareUnsigned(bottom, b) < 0 ? 1 : 0;
        return normal(negative != other.negative, exponent + other.exponent + 1, top, bottom);
    }

    Real dividedBy(Real divisor) {
        // A reciprocal of 63 bits, doubled by one step of Newton's.
        long guess =
                divisor.high == Long.MIN_VALUE ? -1L : Wide.divide(Long.MIN_VALUE, 0, divisor.high);
        Real first = normal(false, -1 - divisor.exponent, guess, 0);
        Real reciprocal = first.times(TWO.minus(divisor.magnitude().times(first)));
        Real quotient = times(reciprocal);
        return divisor.negative ? quotient.negate() : quotient;
    }

    /** Rounds a number that happens to be the exact result, yet counts as inexact. */
    long roundExact(X87State x) {
        x.raised |= X87.PRECISION;
        return Float80Rounder.roundFull(x, negative, exponent + Float80.BIAS, high, low);
    }

    /** Rounds to 64 bits as a result that is never exact. */
    long round(X87State x) {
        return Float80Rounder.roundFull(x, negative, exponent + Float80.BIAS, high, low | 1);
    }
}
