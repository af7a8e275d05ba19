package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.DPPD;
import static dev.carafe.core.isa.Operation.DPPS;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/**
 * Dot products (SDM Vol. 1, "Floating-Point Dot Product Instructions"). The products, the sums of
 * two and the sum of these are three stages; a fault in one leaves the next undone.
 */
public final class DotProducts {
    private DotProducts() {}

    @Semantics(DPPD)
    @WholeRegister
    public static void dppd(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        csr.stage(0);
        long first =
                (immediate & 0x10) == 0 ? 0 : ScalarArithmetic.mulsd(csr, xmm[destination], low);
        long second =
                (immediate & 0x20) == 0
                        ? 0
                        : ScalarArithmetic.mulsd(csr, xmm[destination + 1], high);
        csr.stage(1);
        long sum = ScalarArithmetic.addsd(csr, first, second);
        xmm[destination] = (immediate & 1) == 0 ? 0 : sum;
        xmm[destination + 1] = (immediate & 2) == 0 ? 0 : sum;
    }

    @Semantics(DPPS)
    @WholeRegister
    public static void dpps(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        csr.stage(0);
        long products = products(csr, xmm[destination], low, immediate >> 4);
        long others = products(csr, xmm[destination + 1], high, immediate >> 6);
        csr.stage(1);
        long sum = ScalarArithmetic.addss(csr, products, products >>> 32);
        long other = ScalarArithmetic.addss(csr, others, others >>> 32);
        csr.stage(2);
        long result = ScalarArithmetic.addss(csr, sum, other);
        xmm[destination] = chosen(result, immediate);
        xmm[destination + 1] = chosen(result, immediate >> 2);
    }

    private static long products(MxCsr csr, long a, long b, int mask) {
        long low = (mask & 1) == 0 ? 0 : ScalarArithmetic.mulss(csr, a, b);
        return Single.pair(
                low, (mask & 2) == 0 ? 0 : ScalarArithmetic.mulss(csr, a >>> 32, b >>> 32));
    }

    private static long chosen(long value, int mask) {
        return Single.pair((mask & 1) == 0 ? 0 : value, (mask & 2) == 0 ? 0 : value);
    }
}
