package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.*;
import static dev.carafe.core.isa.sse.FloatFormat.DOUBLE;
import static dev.carafe.core.isa.sse.FloatFormat.SINGLE;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.ScalarResult;
import dev.carafe.core.isa.Semantics;

/**
 * Comparisons (SDM Vol. 1, "SSE Comparison Instructions"). The packed forms of SSE are in {@link
 * PackedArithmetic}.
 */
public final class Comparisons {
    private static final int SSE_PREDICATES = 7;
    private static final int AVX_PREDICATES = 31;

    private Comparisons() {}

    @Semantics(CMPSD_SSE)
    @ScalarResult(64)
    public static long cmpsd(MxCsr csr, long a, long b, long predicate) {
        return FloatComparison.compare(DOUBLE, csr, a, b, (int) predicate & SSE_PREDICATES);
    }

    @Semantics(CMPSS)
    @ScalarResult(32)
    public static long cmpss(MxCsr csr, long a, long b, long predicate) {
        return FloatComparison.compare(
                SINGLE, csr, Single.low(a), Single.low(b), (int) predicate & SSE_PREDICATES);
    }

    @Semantics(VCMPSD)
    @ScalarResult(64)
    public static long vcmpsd(MxCsr csr, long a, long b, long predicate) {
        return FloatComparison.compare(DOUBLE, csr, a, b, (int) predicate & AVX_PREDICATES);
    }

    @Semantics(VCMPSS)
    @ScalarResult(32)
    public static long vcmpss(MxCsr csr, long a, long b, long predicate) {
        return FloatComparison.compare(
                SINGLE, csr, Single.low(a), Single.low(b), (int) predicate & AVX_PREDICATES);
    }

    @Semantics(VCMPPD)
    @Lanewise
    public static long vcmppd(MxCsr csr, long a, long b, long predicate) {
        return vcmpsd(csr, a, b, predicate);
    }

    @Semantics(VCMPPS)
    @Lanewise
    public static long vcmpps(MxCsr csr, long a, long b, long predicate) {
        long low = vcmpss(csr, a, b, predicate);
        return Single.pair(low, vcmpss(csr, a >>> 32, b >>> 32, predicate));
    }

    /** Signals every NaN. */
    @Semantics(COMISD)
    public static void comisd(Flags flags, MxCsr csr, long a, long b) {
        FloatComparison.compare(DOUBLE, csr, flags, true, a, b);
    }

    @Semantics(COMISS)
    public static void comiss(Flags flags, MxCsr csr, long a, long b) {
        FloatComparison.compare(SINGLE, csr, flags, true, Single.low(a), Single.low(b));
    }

    /** Signals signaling NaNs only. */
    @Semantics(UCOMISD)
    public static void ucomisd(Flags flags, MxCsr csr, long a, long b) {
        FloatComparison.compare(DOUBLE, csr, flags, false, a, b);
    }

    @Semantics(UCOMISS)
    public static void ucomiss(Flags flags, MxCsr csr, long a, long b) {
        FloatComparison.compare(SINGLE, csr, flags, false, Single.low(a), Single.low(b));
    }
}
