package dev.carafe.core.isa.sse;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;

/**
 * SIMD floating-point exceptions (SDM Vol. 1, "SIMD Floating-Point Exception Conditions"): flags of
 * MXCSR, and #XM where one is unmasked.
 *
 * <p>Not modelled: #UD instead of #XM while CR4.OSXMMEXCPT is 0. A packed instruction meets its
 * exceptions element by element, so that with one unmasked the flags of later elements are not yet
 * set, and an earlier lane may be written.
 */
final class SimdExceptions {
    static final int INVALID = 1;
    static final int DENORMAL = 1 << 1;
    static final int DIVIDE_BY_ZERO = 1 << 2;
    static final int OVERFLOW = 1 << 3;
    static final int UNDERFLOW = 1 << 4;
    static final int PRECISION = 1 << 5;

    private static final int ALL = 0x3F;
    private static final int MASK_SHIFT = 7;
    private static final int ROUNDING = 3 << 13;
    private static final int PRECISION_SETTLED = PRECISION | PRECISION << MASK_SHIFT;

    private SimdExceptions() {}

    /** Sets flags, and faults if one of them is unmasked. */
    static void raise(MxCsr csr, int exceptions) {
        if (exceptions != 0) {
            csr.set(csr.get() | exceptions);
            if ((exceptions & ~(csr.get() >>> MASK_SHIFT) & ALL) != 0) {
                throw CpuFault.of(ExceptionVector.SIMD_ERROR);
            }
        }
    }

    static boolean underflowMasked(MxCsr csr) {
        return (csr.get() >>> MASK_SHIFT & UNDERFLOW) != 0;
    }

    /**
     * Whether an operation on ordinary numbers with an ordinary result is what the host's is:
     * nearest rounding, and PE set and masked, so that nothing is left to find out about precision.
     */
    static boolean settled(MxCsr csr) {
        return (csr.get() & (ROUNDING | PRECISION_SETTLED)) == PRECISION_SETTLED;
    }
}
