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
 * RCP and RSQRT (SDM Vol. 2). The manual allows a relative error of 1.5 × 2^−12 and processors use
 * it differently; {@link ApproximationTables} says whose results these are. Denormals count as
 * zeros of their sign, and no MXCSR flag changes.
 */
public final class Approximations {
    private static final int FRACTION = 23;
    private static final int BIAS = 127;
    private static final int TABLE_SHIFT = 11;
    private static final long ONE_HALF = 0x3F00_0000L;

    private Approximations() {}

    @Semantics(RCPSS)
    @ScalarResult(32)
    public static long rcpss(long a, long b) {
        long single = Single.low(b);
        long sign = single & SINGLE.sign();
        if (SINGLE.isNan(single)) {
            return single | SINGLE.quietBit();
        }
        if (SINGLE.isZero(single) || SINGLE.isDenormal(single)) {
            return sign | SINGLE.infinity();
        }
        int exponent = (int) (single >>> FRACTION & 0xFF);
        long nearOne = entry(ApproximationTables.RECIPROCALS, single);
        long result = nearOne - ((long) (exponent - BIAS) << FRACTION);
        boolean normal = result >= 1L << FRACTION && !SINGLE.isInfinite(single);
        return normal ? sign | result : sign;
    }

    @Semantics(RCPPS)
    @Lanewise
    public static long rcpps(long b) {
        return Single.pair(rcpss(0, b), rcpss(0, b >>> 32));
    }

    @Semantics(RSQRTSS)
    @ScalarResult(32)
    public static long rsqrtss(long a, long b) {
        long single = Single.low(b);
        if (SINGLE.isNan(single)) {
            return single | SINGLE.quietBit();
        }
        if (SINGLE.isZero(single) || SINGLE.isDenormal(single)) {
            return single & SINGLE.sign() | SINGLE.infinity();
        }
        if (SINGLE.negative(single)) {
            return SINGLE.indefinite();
        }
        if (SINGLE.isInfinite(single)) {
            return 0;
        }
        int exponent = (int) (single >>> FRACTION);
        boolean odd = (exponent & 1) != 0; // the bias is odd too: 1 to 2, otherwise 2 to 4
        long nearOne =
                entry(
                        odd ? ApproximationTables.ROOTS_FROM_1 : ApproximationTables.ROOTS_FROM_2,
                        single);
        return nearOne - ((long) (exponent - BIAS >> 1) << FRACTION);
    }

    @Semantics(RSQRTPS)
    @Lanewise
    public static long rsqrtps(long b) {
        return Single.pair(rsqrtss(0, b), rsqrtss(0, b >>> 32));
    }

    private static long entry(short[] table, long single) {
        int index = (int) (single >>> TABLE_SHIFT) & table.length - 1;
        return ONE_HALF + ((long) table[index] << TABLE_SHIFT);
    }
}
