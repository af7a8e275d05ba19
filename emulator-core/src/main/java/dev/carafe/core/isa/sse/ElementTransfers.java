package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.MOVMSKPD;
import static dev.carafe.core.isa.Operation.MOVMSKPS;
import static dev.carafe.core.isa.Operation.PEXTRW;
import static dev.carafe.core.isa.Operation.PINSRW;
import static dev.carafe.core.isa.Operation.PMOVMSKB;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/**
 * Between vector elements or signs and general registers (SDM Vol. 2, PMOVMSKB, MOVMSKPS, MOVMSKPD,
 * PEXTRW, PINSRW).
 */
public final class ElementTransfers {
    private ElementTransfers() {}

    @Semantics(PMOVMSKB)
    @WholeRegister(resultBits = 16)
    public static long pmovmskb(long low, long high, int immediate) {
        return byteSigns(low) | byteSigns(high) << 8;
    }

    /**
     * Gathers bit 7 of each byte: the multiplication moves the eight bits next to each other at the
     * top.
     */
    static long byteSigns(long lane) {
        return (lane >>> 7 & 0x0101_0101_0101_0101L) * 0x0102_0408_1020_4080L >>> 56;
    }

    @Semantics(MOVMSKPS)
    @WholeRegister(resultBits = 4)
    public static long movmskps(long low, long high, int immediate) {
        return low >>> 31 & 1 | low >>> 63 << 1 | (high >>> 31 & 1) << 2 | high >>> 63 << 3;
    }

    @Semantics(MOVMSKPD)
    @WholeRegister(resultBits = 2)
    public static long movmskpd(long low, long high, int immediate) {
        return low >>> 63 | high >>> 63 << 1;
    }

    @Semantics(PEXTRW)
    @WholeRegister
    public static long pextrw(long low, long high, int immediate) {
        return ((immediate & 4) == 0 ? low : high) >>> 16 * (immediate & 3) & 0xFFFF;
    }

    @Semantics(PINSRW)
    @WholeRegister
    public static void pinsrw(long[] xmm, int destination, long low, long high, int immediate) {
        int lane = destination + (immediate >> 2 & 1);
        int at = 16 * (immediate & 3);
        xmm[lane] = xmm[lane] & ~(0xFFFFL << at) | (low & 0xFFFF) << at;
    }
}
