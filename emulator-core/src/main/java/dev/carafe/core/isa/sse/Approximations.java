package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.RCPPS;
import static dev.carafe.core.isa.Operation.RCPSS;
import static dev.carafe.core.isa.Operation.RSQRTPS;
import static dev.carafe.core.isa.Operation.RSQRTSS;
import static dev.carafe.core.isa.sse.FloatFormat.SINGLE;

import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.ScalarResult;
import dev.carafe.core.isa.Semantics;

/**
 * RCP and RSQRT (SDM Vol. 2). The manual allows a relative error of 1.5 × 2^−12; these give the
 * nearest single-precision number, so that a guest sees other low bits than on hardware. No MXCSR
 * flag changes.
 */
public final class Approximations {
    private Approximations() {}

    @Semantics(RCPSS)
    @ScalarResult(32)
    public static long rcpss(long a, long b) {
        return flushed(1.0 / value(b));
    }

    @Semantics(RCPPS)
    @Lanewise
    public static long rcpps(long b) {
        return Single.pair(rcpss(0, b), rcpss(0, b >>> 32));
    }

    @Semantics(RSQRTSS)
    @ScalarResult(32)
    public static long rsqrtss(long a, long b) {
        double value = value(b);
        return value < 0 ? SINGLE.indefinite() : flushed(1.0 / Math.sqrt(value));
    }

    @Semantics(RSQRTPS)
    @Lanewise
    public static long rsqrtps(long b) {
        return Single.pair(rsqrtss(0, b), rsqrtss(0, b >>> 32));
    }

    /** The operand; denormals count as zeros of their sign. */
    private static double value(long b) {
        long single = Single.low(b);
        return Float.intBitsToFloat(
                (int) (SINGLE.isDenormal(single) ? single & SINGLE.sign() : single));
    }

    private static long flushed(double result) {
        long single = Single.low(Float.floatToRawIntBits((float) result));
        if (SINGLE.isNan(single)) {
            return single | SINGLE.quietBit();
        }
        return SINGLE.isDenormal(single) ? single & SINGLE.sign() : single;
    }
}
