package dev.carafe.core.isa.sse;

import dev.carafe.core.cpu.MxCsr;

/**
 * SIMD floating-point exceptions (SDM Vol. 1, "SIMD Floating-Point Exception Conditions"), and what
 * can be known without looking for them.
 */
final class SimdExceptions {
    static final int INVALID = MxCsr.INVALID;
    static final int DENORMAL = MxCsr.DENORMAL;
    static final int DIVIDE_BY_ZERO = MxCsr.DIVIDE_BY_ZERO;
    static final int OVERFLOW = MxCsr.OVERFLOW;
    static final int UNDERFLOW = MxCsr.UNDERFLOW;
    static final int PRECISION = MxCsr.PRECISION;

    private static final int ROUNDING = 3 << 13;
    private static final int PRECISION_SETTLED = PRECISION | PRECISION << MxCsr.MASK_SHIFT;

    private SimdExceptions() {}

    /** Sets flags, and faults if one of them is unmasked. */
    static void raise(MxCsr csr, int exceptions) {
        if (exceptions != 0) {
            csr.raise(exceptions);
        }
    }

    static boolean masked(MxCsr csr, int exception) {
        return (csr.get() >>> MxCsr.MASK_SHIFT & exception) != 0;
    }

    /**
     * Whether an operation on ordinary numbers with an ordinary result is what the host's is:
     * nearest rounding, and PE set and masked, so that nothing is left to find out about precision.
     */
    static boolean settled(MxCsr csr) {
        return (csr.get() & (ROUNDING | PRECISION_SETTLED)) == PRECISION_SETTLED;
    }
}
