package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.sse.SimdExceptions.DENORMAL;
import static dev.carafe.core.isa.sse.SimdExceptions.DIVIDE_BY_ZERO;
import static dev.carafe.core.isa.sse.SimdExceptions.INVALID;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.integer.MultiplyDivide;

/**
 * Addition, multiplication, division and square root in integer arithmetic, exact before the one
 * rounding: every rounding mode, every MXCSR flag, denormals-are-zero. NaNs are selected and
 * quieted after SDM Vol. 1, "Results of Operations with NaN Operands or a NaN Result for
 * SSE/SSE2/SSE3 Numeric Instructions".
 */
final class FloatArithmetic {
    /** Room below a sum's significands for the guard bits that rounding needs. */
    private static final int GUARD = 9;

    private static final int ROUND_DOWN = 1;

    /** Digits of a square root: the significand, a guard bit, and some to spare. */
    private static final int ROOT_DIGITS = 58;

    private FloatArithmetic() {}

    static long add(FloatFormat f, MxCsr csr, long first, long second) {
        long a = flushed(f, csr, first);
        long b = flushed(f, csr, second);
        if (f.isNan(a) || f.isNan(b)) {
            return nan(f, csr, a, b);
        }
        if (f.isInfinite(a) && f.isInfinite(b) && a != b) {
            return invalid(f, csr);
        }
        SimdExceptions.raise(csr, denormal(f, a, b));
        if (f.isInfinite(a)) {
            return a;
        }
        return f.isInfinite(b) ? b : sum(f, csr, a, b);
    }

    static long subtract(FloatFormat f, MxCsr csr, long a, long b) {
        return add(f, csr, a, f.isNan(b) ? b : b ^ f.sign());
    }

    private static long sum(FloatFormat f, MxCsr csr, long first, long second) {
        boolean ordered = f.magnitude(first) >= f.magnitude(second);
        long a = ordered ? first : second;
        long b = ordered ? second : first;
        int scale = f.scale(a) - GUARD;
        long big = f.significand(a) << GUARD;
        long small = shiftRightSticky(f.significand(b) << GUARD, scale + GUARD - f.scale(b));
        boolean same = f.negative(a) == f.negative(b);
        long significand = same ? big + small : big - small;
        if (significand == 0) {
            boolean negative = same ? f.negative(a) : csr.rounding() == ROUND_DOWN;
            return negative ? f.sign() : 0;
        }
        return Rounder.round(f, csr, f.negative(a), scale, significand);
    }

    static long multiply(FloatFormat f, MxCsr csr, long first, long second) {
        long a = flushed(f, csr, first);
        long b = flushed(f, csr, second);
        if (f.isNan(a) || f.isNan(b)) {
            return nan(f, csr, a, b);
        }
        boolean infinite = f.isInfinite(a) || f.isInfinite(b);
        boolean zero = f.isZero(a) || f.isZero(b);
        if (infinite && zero) {
            return invalid(f, csr);
        }
        SimdExceptions.raise(csr, denormal(f, a, b));
        long sign = (a ^ b) & f.sign();
        if (infinite) {
            return sign | f.infinity();
        }
        if (zero) {
            return sign;
        }
        int zerosA = Long.numberOfLeadingZeros(f.significand(a));
        int zerosB = Long.numberOfLeadingZeros(f.significand(b));
        long x = f.significand(a) << zerosA;
        long y = f.significand(b) << zerosB;
        long product = Math.unsignedMultiplyHigh(x, y) | (x * y != 0 ? 1 : 0);
        return Rounder.round(
                f, csr, sign != 0, f.scale(a) - zerosA + f.scale(b) - zerosB + 64, product);
    }

    static long divide(FloatFormat f, MxCsr csr, long first, long second) {
        long a = flushed(f, csr, first);
        long b = flushed(f, csr, second);
        if (f.isNan(a) || f.isNan(b)) {
            return nan(f, csr, a, b);
        }
        if (f.isInfinite(a) && f.isInfinite(b) || f.isZero(a) && f.isZero(b)) {
            return invalid(f, csr);
        }
        long sign = (a ^ b) & f.sign();
        if (f.isZero(b) && !f.isInfinite(a)) {
            SimdExceptions.raise(csr, DIVIDE_BY_ZERO);
            return sign | f.infinity();
        }
        SimdExceptions.raise(csr, denormal(f, a, b));
        if (f.isInfinite(a)) {
            return sign | f.infinity();
        }
        if (f.isInfinite(b) || f.isZero(a)) {
            return sign;
        }
        int zerosA = Long.numberOfLeadingZeros(f.significand(a));
        int zerosB = Long.numberOfLeadingZeros(f.significand(b));
        long x = f.significand(a) << zerosA;
        long y = f.significand(b) << zerosB;
        long quotient = MultiplyDivide.quotient(x >>> 1, x << 63, y); // x × 2^63 / y
        long sticky = quotient * y != x << 63 ? 1 : 0;
        return Rounder.round(
                f,
                csr,
                sign != 0,
                f.scale(a) - zerosA - (f.scale(b) - zerosB) - 63,
                quotient | sticky);
    }

    static long squareRoot(FloatFormat f, MxCsr csr, long operand) {
        long a = flushed(f, csr, operand);
        if (f.isNan(a)) {
            return nan(f, csr, a, a);
        }
        if (f.isZero(a)) {
            return a;
        }
        if (f.negative(a)) {
            return invalid(f, csr);
        }
        SimdExceptions.raise(csr, denormal(f, a, a));
        if (f.isInfinite(a)) {
            return a;
        }
        int zeros = Long.numberOfLeadingZeros(f.significand(a));
        int scale = f.scale(a) - zeros;
        long radicand = f.significand(a) << zeros;
        if ((scale & 1) != 0) { // the scale must be even
            radicand >>>= 1;
            scale++;
        }
        return Rounder.round(f, csr, false, scale / 2 + 32 - ROOT_DIGITS, root(radicand));
    }

    /** √(radicand × 2^52), digit by digit, bit 0 set if something is left over. */
    private static long root(long radicand) {
        long root = 0;
        long rest = 0;
        long digits = radicand;
        for (int i = 0; i < ROOT_DIGITS; i++) {
            rest = rest << 2 | digits >>> 62;
            digits <<= 2;
            long trial = root << 2 | 1;
            root <<= 1;
            if (rest >= trial) {
                rest -= trial;
                root |= 1;
            }
        }
        return rest != 0 ? root | 1 : root;
    }

    /** With DAZ a denormal counts as a zero of its sign. */
    static long flushed(FloatFormat f, MxCsr csr, long value) {
        return (csr.get() & MxCsr.DAZ) != 0 && f.isDenormal(value) ? value & f.sign() : value;
    }

    static int denormal(FloatFormat f, long a, long b) {
        return f.isDenormal(a) || f.isDenormal(b) ? DENORMAL : 0;
    }

    /** The first operand if it is a NaN, otherwise the second, quieted. */
    private static long nan(FloatFormat f, MxCsr csr, long a, long b) {
        SimdExceptions.raise(csr, f.isSignaling(a) || f.isSignaling(b) ? INVALID : 0);
        return (f.isNan(a) ? a : b) | f.quietBit();
    }

    static long invalid(FloatFormat f, MxCsr csr) {
        SimdExceptions.raise(csr, INVALID);
        return f.indefinite();
    }

    private static long shiftRightSticky(long value, int distance) {
        if (distance > 63) {
            return value != 0 ? 1 : 0;
        }
        long shifted = value >>> distance;
        return shifted << distance != value ? shifted | 1 : shifted;
    }
}
