package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.ADDSD;
import static dev.carafe.core.isa.Operation.ADDSS;
import static dev.carafe.core.isa.Operation.DIVSD;
import static dev.carafe.core.isa.Operation.DIVSS;
import static dev.carafe.core.isa.Operation.MAXSD;
import static dev.carafe.core.isa.Operation.MAXSS;
import static dev.carafe.core.isa.Operation.MINSD;
import static dev.carafe.core.isa.Operation.MINSS;
import static dev.carafe.core.isa.Operation.MULSD;
import static dev.carafe.core.isa.Operation.MULSS;
import static dev.carafe.core.isa.Operation.SQRTSD;
import static dev.carafe.core.isa.Operation.SQRTSS;
import static dev.carafe.core.isa.Operation.SUBSD;
import static dev.carafe.core.isa.Operation.SUBSS;
import static dev.carafe.core.isa.sse.FloatFormat.DOUBLE;
import static dev.carafe.core.isa.sse.FloatFormat.SINGLE;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.ScalarResult;
import dev.carafe.core.isa.Semantics;

/**
 * Scalar arithmetic (SDM Vol. 1, "SSE Arithmetic Instructions"). Ordinary numbers go through the
 * host's arithmetic, which rounds to nearest as IEEE 754 demands; all else through {@link
 * FloatArithmetic}.
 */
public final class ScalarArithmetic {
    private ScalarArithmetic() {}

    @Semantics(ADDSD)
    @ScalarResult(64)
    public static long addsd(MxCsr csr, long a, long b) {
        if (SimdExceptions.settled(csr)) {
            long result =
                    Double.doubleToRawLongBits(
                            Double.longBitsToDouble(a) + Double.longBitsToDouble(b));
            if (Ordinary.all(a, b, result)) {
                return result;
            }
        }
        return FloatArithmetic.add(DOUBLE, csr, a, b);
    }

    @Semantics(ADDSS)
    @ScalarResult(32)
    public static long addss(MxCsr csr, long a, long b) {
        if (SimdExceptions.settled(csr)) {
            int result =
                    Float.floatToRawIntBits(
                            Float.intBitsToFloat((int) a) + Float.intBitsToFloat((int) b));
            if (Ordinary.all((int) a, (int) b, result)) {
                return Integer.toUnsignedLong(result);
            }
        }
        return FloatArithmetic.add(SINGLE, csr, Single.low(a), Single.low(b));
    }

    @Semantics(SUBSD)
    @ScalarResult(64)
    public static long subsd(MxCsr csr, long a, long b) {
        if (SimdExceptions.settled(csr)) {
            long result =
                    Double.doubleToRawLongBits(
                            Double.longBitsToDouble(a) - Double.longBitsToDouble(b));
            if (Ordinary.all(a, b, result)) {
                return result;
            }
        }
        return FloatArithmetic.subtract(DOUBLE, csr, a, b);
    }

    @Semantics(SUBSS)
    @ScalarResult(32)
    public static long subss(MxCsr csr, long a, long b) {
        if (SimdExceptions.settled(csr)) {
            int result =
                    Float.floatToRawIntBits(
                            Float.intBitsToFloat((int) a) - Float.intBitsToFloat((int) b));
            if (Ordinary.all((int) a, (int) b, result)) {
                return Integer.toUnsignedLong(result);
            }
        }
        return FloatArithmetic.subtract(SINGLE, csr, Single.low(a), Single.low(b));
    }

    @Semantics(MULSD)
    @ScalarResult(64)
    public static long mulsd(MxCsr csr, long a, long b) {
        if (SimdExceptions.settled(csr)) {
            long result =
                    Double.doubleToRawLongBits(
                            Double.longBitsToDouble(a) * Double.longBitsToDouble(b));
            if (Ordinary.all(a, b, result)) {
                return result;
            }
        }
        return FloatArithmetic.multiply(DOUBLE, csr, a, b);
    }

    @Semantics(MULSS)
    @ScalarResult(32)
    public static long mulss(MxCsr csr, long a, long b) {
        if (SimdExceptions.settled(csr)) {
            int result =
                    Float.floatToRawIntBits(
                            Float.intBitsToFloat((int) a) * Float.intBitsToFloat((int) b));
            if (Ordinary.all((int) a, (int) b, result)) {
                return Integer.toUnsignedLong(result);
            }
        }
        return FloatArithmetic.multiply(SINGLE, csr, Single.low(a), Single.low(b));
    }

    @Semantics(DIVSD)
    @ScalarResult(64)
    public static long divsd(MxCsr csr, long a, long b) {
        if (SimdExceptions.settled(csr)) {
            long result =
                    Double.doubleToRawLongBits(
                            Double.longBitsToDouble(a) / Double.longBitsToDouble(b));
            if (Ordinary.all(a, b, result)) {
                return result;
            }
        }
        return FloatArithmetic.divide(DOUBLE, csr, a, b);
    }

    @Semantics(DIVSS)
    @ScalarResult(32)
    public static long divss(MxCsr csr, long a, long b) {
        if (SimdExceptions.settled(csr)) {
            int result =
                    Float.floatToRawIntBits(
                            Float.intBitsToFloat((int) a) / Float.intBitsToFloat((int) b));
            if (Ordinary.all((int) a, (int) b, result)) {
                return Integer.toUnsignedLong(result);
            }
        }
        return FloatArithmetic.divide(SINGLE, csr, Single.low(a), Single.low(b));
    }

    @Semantics(SQRTSD)
    @ScalarResult(64)
    public static long sqrtsd(MxCsr csr, long b) {
        if (SimdExceptions.settled(csr) && b > 0) {
            long result = Double.doubleToRawLongBits(Math.sqrt(Double.longBitsToDouble(b)));
            if (Ordinary.all(b, b, result)) {
                return result;
            }
        }
        return FloatArithmetic.squareRoot(DOUBLE, csr, b);
    }

    @Semantics(SQRTSS)
    @ScalarResult(32)
    public static long sqrtss(MxCsr csr, long b) {
        return FloatArithmetic.squareRoot(SINGLE, csr, Single.low(b));
    }

    @Semantics(MINSD)
    @ScalarResult(64)
    public static long minsd(MxCsr csr, long a, long b) {
        return FloatComparison.minimum(DOUBLE, csr, a, b);
    }

    @Semantics(MINSS)
    @ScalarResult(32)
    public static long minss(MxCsr csr, long a, long b) {
        return FloatComparison.minimum(SINGLE, csr, Single.low(a), Single.low(b));
    }

    @Semantics(MAXSD)
    @ScalarResult(64)
    public static long maxsd(MxCsr csr, long a, long b) {
        return FloatComparison.maximum(DOUBLE, csr, a, b);
    }

    @Semantics(MAXSS)
    @ScalarResult(32)
    public static long maxss(MxCsr csr, long a, long b) {
        return FloatComparison.maximum(SINGLE, csr, Single.low(a), Single.low(b));
    }
}
