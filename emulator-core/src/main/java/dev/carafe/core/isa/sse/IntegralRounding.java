package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.ROUNDPD;
import static dev.carafe.core.isa.Operation.ROUNDPS;
import static dev.carafe.core.isa.Operation.ROUNDSD;
import static dev.carafe.core.isa.Operation.ROUNDSS;
import static dev.carafe.core.isa.sse.FloatFormat.DOUBLE;
import static dev.carafe.core.isa.sse.FloatFormat.SINGLE;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.ScalarResult;
import dev.carafe.core.isa.Semantics;

/**
 * Rounding to an integral value (SDM Vol. 1, "Floating-Point Round Instructions with Selectable
 * Rounding Mode").
 */
public final class IntegralRounding {
    private IntegralRounding() {}

    @Semantics(ROUNDSD)
    @ScalarResult(64)
    public static long roundsd(MxCsr csr, long b, long immediate) {
        return FloatConversion.toIntegral(DOUBLE, csr, b, (int) immediate);
    }

    @Semantics(ROUNDSS)
    @ScalarResult(32)
    public static long roundss(MxCsr csr, long b, long immediate) {
        return FloatConversion.toIntegral(SINGLE, csr, Single.low(b), (int) immediate);
    }

    @Semantics(ROUNDPD)
    @Lanewise
    public static long roundpd(MxCsr csr, long b, long immediate) {
        return roundsd(csr, b, immediate);
    }

    @Semantics(ROUNDPS)
    @Lanewise
    public static long roundps(MxCsr csr, long b, long immediate) {
        long low = roundss(csr, b, immediate);
        return Single.pair(low, roundss(csr, b >>> 32, immediate));
    }
}
