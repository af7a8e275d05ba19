package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.ADDPD;
import static dev.carafe.core.isa.Operation.ADDPS;
import static dev.carafe.core.isa.Operation.CMPPD;
import static dev.carafe.core.isa.Operation.CMPPS;
import static dev.carafe.core.isa.Operation.DIVPD;
import static dev.carafe.core.isa.Operation.DIVPS;
import static dev.carafe.core.isa.Operation.MAXPD;
import static dev.carafe.core.isa.Operation.MAXPS;
import static dev.carafe.core.isa.Operation.MINPD;
import static dev.carafe.core.isa.Operation.MINPS;
import static dev.carafe.core.isa.Operation.MULPD;
import static dev.carafe.core.isa.Operation.MULPS;
import static dev.carafe.core.isa.Operation.SQRTPD;
import static dev.carafe.core.isa.Operation.SQRTPS;
import static dev.carafe.core.isa.Operation.SUBPD;
import static dev.carafe.core.isa.Operation.SUBPS;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;

/**
 * Packed arithmetic and comparisons (SDM Vol. 1, "Packed and Scalar Double-Precision Floating-Point
 * Instructions"): the scalar rules in each element.
 */
public final class PackedArithmetic {
    private PackedArithmetic() {}

    @Semantics(ADDPD)
    @Lanewise
    public static long addpd(MxCsr csr, long a, long b) {
        return ScalarArithmetic.addsd(csr, a, b);
    }

    @Semantics(ADDPS)
    @Lanewise
    public static long addps(MxCsr csr, long a, long b) {
        long low = ScalarArithmetic.addss(csr, a, b);
        return Single.pair(low, ScalarArithmetic.addss(csr, a >>> 32, b >>> 32));
    }

    @Semantics(SUBPD)
    @Lanewise
    public static long subpd(MxCsr csr, long a, long b) {
        return ScalarArithmetic.subsd(csr, a, b);
    }

    @Semantics(SUBPS)
    @Lanewise
    public static long subps(MxCsr csr, long a, long b) {
        long low = ScalarArithmetic.subss(csr, a, b);
        return Single.pair(low, ScalarArithmetic.subss(csr, a >>> 32, b >>> 32));
    }

    @Semantics(MULPD)
    @Lanewise
    public static long mulpd(MxCsr csr, long a, long b) {
        return ScalarArithmetic.mulsd(csr, a, b);
    }

    @Semantics(MULPS)
    @Lanewise
    public static long mulps(MxCsr csr, long a, long b) {
        long low = ScalarArithmetic.mulss(csr, a, b);
        return Single.pair(low, ScalarArithmetic.mulss(csr, a >>> 32, b >>> 32));
    }

    @Semantics(DIVPD)
    @Lanewise
    public static long divpd(MxCsr csr, long a, long b) {
        return ScalarArithmetic.divsd(csr, a, b);
    }

    @Semantics(DIVPS)
    @Lanewise
    public static long divps(MxCsr csr, long a, long b) {
        long low = ScalarArithmetic.divss(csr, a, b);
        return Single.pair(low, ScalarArithmetic.divss(csr, a >>> 32, b >>> 32));
    }

    @Semantics(MINPD)
    @Lanewise
    public static long minpd(MxCsr csr, long a, long b) {
        return ScalarArithmetic.minsd(csr, a, b);
    }

    @Semantics(MINPS)
    @Lanewise
    public static long minps(MxCsr csr, long a, long b) {
        long low = ScalarArithmetic.minss(csr, a, b);
        return Single.pair(low, ScalarArithmetic.minss(csr, a >>> 32, b >>> 32));
    }

    @Semantics(MAXPD)
    @Lanewise
    public static long maxpd(MxCsr csr, long a, long b) {
        return ScalarArithmetic.maxsd(csr, a, b);
    }

    @Semantics(MAXPS)
    @Lanewise
    public static long maxps(MxCsr csr, long a, long b) {
        long low = ScalarArithmetic.maxss(csr, a, b);
        return Single.pair(low, ScalarArithmetic.maxss(csr, a >>> 32, b >>> 32));
    }

    @Semantics(SQRTPD)
    @Lanewise
    public static long sqrtpd(MxCsr csr, long b) {
        return ScalarArithmetic.sqrtsd(csr, b);
    }

    @Semantics(SQRTPS)
    @Lanewise
    public static long sqrtps(MxCsr csr, long b) {
        long low = ScalarArithmetic.sqrtss(csr, b);
        return Single.pair(low, ScalarArithmetic.sqrtss(csr, b >>> 32));
    }

    @Semantics(CMPPD)
    @Lanewise
    public static long cmppd(MxCsr csr, long a, long b, long predicate) {
        return Comparisons.cmpsd(csr, a, b, predicate);
    }

    @Semantics(CMPPS)
    @Lanewise
    public static long cmpps(MxCsr csr, long a, long b, long predicate) {
        long low = Comparisons.cmpss(csr, a, b, predicate);
        return Single.pair(low, Comparisons.cmpss(csr, a >>> 32, b >>> 32, predicate));
    }
}
