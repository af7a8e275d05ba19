package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.sse.FloatFormat.DOUBLE;
import static dev.carafe.core.isa.sse.FloatFormat.SINGLE;

import dev.carafe.core.cpu.MxCsr;
import java.math.BigInteger;

/**
 * ±(x × y) ± z with one rounding (SDM Vol. 1, "FMA Instruction Operand Order and Arithmetic
 * Behavior"). Ordinary numbers go through the host's arithmetic, all else is exact before it is
 * rounded.
 */
final class FusedMultiplyAdd {
    static final int ADD = 0;
    static final int SUBTRACT = 1;
    static final int NEGATED_ADD = 2;
    static final int NEGATED_SUBTRACT = 3;

    private static final int ROUND_DOWN = 1;

    private FusedMultiplyAdd() {}

    /** On doubles. {@code kind} is one of the constants; its bits negate z and the product. */
    static long doubles(MxCsr csr, long x, long y, long z, int kind) {
        if (SimdExceptions.settled(csr)) {
            long result =
                    Double.doubleToRawLongBits(
                            Math.fma(
                                    Double.longBitsToDouble(x ^ (long) (kind >> 1) << 63),
                                    Double.longBitsToDouble(y),
                                    Double.longBitsToDouble(z ^ (long) kind << 63)));
            if (Ordinary.all(x, y, result) && (Ordinary.all(z, z, z) || DOUBLE.isZero(z))) {
                return result;
            }
        }
        return exact(DOUBLE, csr, x, y, z, kind);
    }

    /** The same on singles, which are the low halves of their operands. */
    static long singles(MxCsr csr, long x, long y, long z, int kind) {
        if (SimdExceptions.settled(csr)) {
            int result =
                    Float.floatToRawIntBits(
                            Math.fma(
                                    Float.intBitsToFloat((int) x ^ kind >> 1 << 31),
                                    Float.intBitsToFloat((int) y),
                                    Float.intBitsToFloat((int) z ^ kind << 31)));
            int addend = (int) z;
            if (Ordinary.all((int) x, (int) y, result)
                    && (Ordinary.all(addend, addend, addend) || addend << 1 == 0)) {
                return Integer.toUnsignedLong(result);
            }
        }
        return exact(SINGLE, csr, Single.low(x), Single.low(y), Single.low(z), kind);
    }

    private static long exact(
            FloatFormat f, MxCsr csr, long first, long second, long third, int kind) {
        long x = FloatArithmetic.flushed(f, csr, first);
        long y = FloatArithmetic.flushed(f, csr, second);
        long z = FloatArithmetic.flushed(f, csr, third);
        boolean undefined = f.isInfinite(x) && f.isZero(y) || f.isZero(x) && f.isInfinite(y);
        if (f.isNan(x) || f.isNan(y) || f.isNan(z)) {
            return nan(f, csr, x, y, z);
        }
        boolean infinite = f.isInfinite(x) || f.isInfinite(y);
        boolean productNegative = f.negative(x ^ y) != ((kind & 2) != 0);
        boolean addendNegative = f.negative(z) != ((kind & 1) != 0);
        if (undefined || infinite && f.isInfinite(z) && productNegative != addendNegative) {
            return FloatArithmetic.invalid(f, csr);
        }
        SimdExceptions.raise(
                csr, FloatArithmetic.denormal(f, x, y) | FloatArithmetic.denormal(f, z, z));
        if (infinite) {
            return (productNegative ? f.sign() : 0) | f.infinity();
        }
        if (f.isInfinite(z)) {
            return (addendNegative ? f.sign() : 0) | f.infinity();
        }
        return sum(f, csr, x, y, z, productNegative, addendNegative);
    }

    private static long nan(FloatFormat f, MxCsr csr, long x, long y, long z) {
        boolean signaling = f.isSignaling(x) || f.isSignaling(y) || f.isSignaling(z);
        SimdExceptions.raise(csr, signaling ? SimdExceptions.INVALID : 0);
        return (f.isNan(x) ? x : f.isNan(y) ? y : z) | f.quietBit();
    }

    private static long sum(
            FloatFormat f,
            MxCsr csr,
            long x,
            long y,
            long z,
            boolean productNegative,
            boolean addendNegative) {
        BigInteger product =
                BigInteger.valueOf(f.significand(x)).multiply(BigInteger.valueOf(f.significand(y)));
        BigInteger addend = BigInteger.valueOf(f.significand(z));
        int productScale = f.scale(x) + f.scale(y);
        int scale = addend.signum() == 0 ? productScale : f.scale(z);
        scale = product.signum() == 0 ? scale : Math.min(scale, productScale);
        BigInteger left = aligned(product, productScale - scale, productNegative);
        BigInteger right = aligned(addend, f.scale(z) - scale, addendNegative);
        BigInteger sum = left.add(right);
        if (sum.signum() == 0) {
            boolean same = productNegative == addendNegative;
            boolean negative = same ? productNegative : csr.rounding() == ROUND_DOWN;
            return negative ? f.sign() : 0;
        }
        BigInteger magnitude = sum.abs();
        int drop = Math.max(0, magnitude.bitLength() - Long.SIZE);
        boolean sticky = magnitude.getLowestSetBit() < drop;
        long significand = magnitude.shiftRight(drop).longValue() | (sticky ? 1 : 0);
        return Rounder.round(f, csr, sum.signum() < 0, scale + drop, significand);
    }

    private static BigInteger aligned(BigInteger value, int distance, boolean negative) {
        if (value.signum() == 0) {
            return value;
        }
        BigInteger shifted = value.shiftLeft(distance);
        return negative ? shifted.negate() : shifted;
    }
}
