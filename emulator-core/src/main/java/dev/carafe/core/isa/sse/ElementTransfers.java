package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.EXTRACTPS;
import static dev.carafe.core.isa.Operation.INSERTPS;
import static dev.carafe.core.isa.Operation.MOVMSKPD;
import static dev.carafe.core.isa.Operation.MOVMSKPS;
import static dev.carafe.core.isa.Operation.PEXTRB;
import static dev.carafe.core.isa.Operation.PEXTRD;
import static dev.carafe.core.isa.Operation.PEXTRQ;
import static dev.carafe.core.isa.Operation.PEXTRW;
import static dev.carafe.core.isa.Operation.PINSRB;
import static dev.carafe.core.isa.Operation.PINSRD;
import static dev.carafe.core.isa.Operation.PINSRQ;
import static dev.carafe.core.isa.Operation.PINSRW;
import static dev.carafe.core.isa.Operation.PMOVMSKB;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.Semantics.Place;
import dev.carafe.core.isa.WholeRegister;

/**
 * Between vector elements or signs and general registers (SDM Vol. 2, PMOVMSKB, MOVMSKPS, MOVMSKPD,
 * PEXTRx, PINSRx, INSERTPS).
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

    @Semantics(PEXTRB)
    @WholeRegister
    public static long pextrb(long low, long high, int immediate) {
        return ((immediate & 8) == 0 ? low : high) >>> 8 * (immediate & 7) & 0xFF;
    }

    @Semantics({PEXTRD, EXTRACTPS})
    @WholeRegister
    public static long pextrd(long low, long high, int immediate) {
        return Single.low(((immediate & 2) == 0 ? low : high) >>> 32 * (immediate & 1));
    }

    @Semantics(PEXTRQ)
    @WholeRegister
    public static long pextrq(long low, long high, int immediate) {
        return (immediate & 1) == 0 ? low : high;
    }

    @Semantics(PINSRB)
    @WholeRegister
    public static void pinsrb(long[] xmm, int destination, long low, long high, int immediate) {
        int lane = destination + (immediate >> 3 & 1);
        int at = 8 * (immediate & 7);
        xmm[lane] = xmm[lane] & ~(0xFFL << at) | (low & 0xFF) << at;
    }

    @Semantics(PINSRD)
    @WholeRegister
    public static void pinsrd(long[] xmm, int destination, long low, long high, int immediate) {
        int lane = destination + (immediate >> 1 & 1);
        int at = 32 * (immediate & 1);
        xmm[lane] = xmm[lane] & ~(0xFFFF_FFFFL << at) | Single.low(low) << at;
    }

    @Semantics(PINSRQ)
    @WholeRegister
    public static void pinsrq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination + (immediate & 1)] = low;
    }

    @Semantics(value = INSERTPS, place = Place.REGISTER)
    @WholeRegister
    public static void insertps(long[] xmm, int destination, long low, long high, int immediate) {
        insert(xmm, destination, pextrd(low, high, immediate >> 6), immediate);
    }

    /** The element in memory is the only one there is. */
    @Semantics(value = INSERTPS, place = Place.MEMORY)
    @WholeRegister
    public static void insertpsFromMemory(
            long[] xmm, int destination, long low, long high, int immediate) {
        insert(xmm, destination, low, immediate);
    }

    private static void insert(long[] xmm, int destination, long element, int control) {
        pinsrd(xmm, destination, element, 0, control >> 4);
        for (int i = 0; i < 4; i++) {
            if ((control >> i & 1) != 0) {
                pinsrd(xmm, destination, 0, 0, i);
            }
        }
    }
}
