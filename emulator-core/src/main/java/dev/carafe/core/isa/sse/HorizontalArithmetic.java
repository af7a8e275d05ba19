package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.ADDSUBPD;
import static dev.carafe.core.isa.Operation.ADDSUBPS;
import static dev.carafe.core.isa.Operation.HADDPD;
import static dev.carafe.core.isa.Operation.HADDPS;
import static dev.carafe.core.isa.Operation.HSUBPD;
import static dev.carafe.core.isa.Operation.HSUBPS;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/**
 * Additions and subtractions inside a register or in turn (SDM Vol. 1, "SSE3 Horizontal
 * Addition/Subtraction Instructions" and "SSE3 Packed ADD/SUB Instructions").
 */
public final class HorizontalArithmetic {
    private HorizontalArithmetic() {}

    @Semantics(ADDSUBPD)
    @WholeRegister
    public static void addsubpd(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = ScalarArithmetic.subsd(csr, xmm[destination], low);
        xmm[destination + 1] = ScalarArithmetic.addsd(csr, xmm[destination + 1], high);
    }

    @Semantics(ADDSUBPS)
    @Lanewise
    public static long addsubps(MxCsr csr, long a, long b) {
        long low = ScalarArithmetic.subss(csr, a, b);
        return Single.pair(low, ScalarArithmetic.addss(csr, a >>> 32, b >>> 32));
    }

    @Semantics(HADDPD)
    @WholeRegister
    public static void haddpd(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = ScalarArithmetic.addsd(csr, xmm[destination], xmm[destination + 1]);
        xmm[destination + 1] = ScalarArithmetic.addsd(csr, low, high);
    }

    @Semantics(HADDPS)
    @WholeRegister
    public static void haddps(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        long first = ScalarArithmetic.addss(csr, xmm[destination], xmm[destination] >>> 32);
        long second =
                ScalarArithmetic.addss(csr, xmm[destination + 1], xmm[destination + 1] >>> 32);
        xmm[destination] = Single.pair(first, second);
        long third = ScalarArithmetic.addss(csr, low, low >>> 32);
        xmm[destination + 1] = Single.pair(third, ScalarArithmetic.addss(csr, high, high >>> 32));
    }

    @Semantics(HSUBPD)
    @WholeRegister
    public static void hsubpd(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = ScalarArithmetic.subsd(csr, xmm[destination], xmm[destination + 1]);
        xmm[destination + 1] = ScalarArithmetic.subsd(csr, low, high);
    }

    @Semantics(HSUBPS)
    @WholeRegister
    public static void hsubps(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        long first = ScalarArithmetic.subss(csr, xmm[destination], xmm[destination] >>> 32);
        long second =
                ScalarArithmetic.subss(csr, xmm[destination + 1], xmm[destination + 1] >>> 32);
        xmm[destination] = Single.pair(first, second);
        long third = ScalarArithmetic.subss(csr, low, low >>> 32);
        xmm[destination + 1] = Single.pair(third, ScalarArithmetic.subss(csr, high, high >>> 32));
    }
}
