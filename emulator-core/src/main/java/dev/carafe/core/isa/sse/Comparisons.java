package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.CMPSD_SSE;
import static dev.carafe.core.isa.Operation.CMPSS;
import static dev.carafe.core.isa.Operation.COMISD;
import static dev.carafe.core.isa.Operation.COMISS;
import static dev.carafe.core.isa.Operation.UCOMISD;
import static dev.carafe.core.isa.Operation.UCOMISS;
import static dev.carafe.core.isa.sse.FloatFormat.DOUBLE;
import static dev.carafe.core.isa.sse.FloatFormat.SINGLE;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.ScalarResult;
import dev.carafe.core.isa.Semantics;

/** Scalar comparisons (SDM Vol. 1, "SSE Comparison Instructions"). */
public final class Comparisons {
    private Comparisons() {}

    @Semantics(CMPSD_SSE)
    @ScalarResult(64)
    public static long cmpsd(MxCsr csr, long a, long b, long predicate) {
        return FloatComparison.compare(DOUBLE, csr, a, b, (int) predicate);
    }

    @Semantics(CMPSS)
    @ScalarResult(32)
    public static long cmpss(MxCsr csr, long a, long b, long predicate) {
        return FloatComparison.compare(SINGLE, csr, Single.low(a), Single.low(b), (int) predicate);
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
