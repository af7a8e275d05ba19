package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.PSLLD;
import static dev.carafe.core.isa.Operation.PSLLDQ;
import static dev.carafe.core.isa.Operation.PSLLQ;
import static dev.carafe.core.isa.Operation.PSLLW;
import static dev.carafe.core.isa.Operation.PSRAD;
import static dev.carafe.core.isa.Operation.PSRAW;
import static dev.carafe.core.isa.Operation.PSRLD;
import static dev.carafe.core.isa.Operation.PSRLDQ;
import static dev.carafe.core.isa.Operation.PSRLQ;
import static dev.carafe.core.isa.Operation.PSRLW;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/**
 * Packed shifts (SDM Vol. 2, PSLLW to PSRLDQ). The count is the source's low quadword; one beyond
 * the element clears it, or fills it with its sign.
 */
public final class PackedShifts {
    private PackedShifts() {}

    @Semantics(PSLLW)
    @WholeRegister
    public static void psllw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = left(16, xmm[destination], low);
        xmm[destination + 1] = left(16, xmm[destination + 1], low);
    }

    @Semantics(PSRLW)
    @WholeRegister
    public static void psrlw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = right(16, xmm[destination], low);
        xmm[destination + 1] = right(16, xmm[destination + 1], low);
    }

    @Semantics(PSRAW)
    @WholeRegister
    public static void psraw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = arithmeticRight(16, xmm[destination], low);
        xmm[destination + 1] = arithmeticRight(16, xmm[destination + 1], low);
    }

    @Semantics(PSLLD)
    @WholeRegister
    public static void pslld(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = left(32, xmm[destination], low);
        xmm[destination + 1] = left(32, xmm[destination + 1], low);
    }

    @Semantics(PSRLD)
    @WholeRegister
    public static void psrld(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = right(32, xmm[destination], low);
        xmm[destination + 1] = right(32, xmm[destination + 1], low);
    }

    @Semantics(PSRAD)
    @WholeRegister
    public static void psrad(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = arithmeticRight(32, xmm[destination], low);
        xmm[destination + 1] = arithmeticRight(32, xmm[destination + 1], low);
    }

    @Semantics(PSLLQ)
    @WholeRegister
    public static void psllq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = left(64, xmm[destination], low);
        xmm[destination + 1] = left(64, xmm[destination + 1], low);
    }

    @Semantics(PSRLQ)
    @WholeRegister
    public static void psrlq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = right(64, xmm[destination], low);
        xmm[destination + 1] = right(64, xmm[destination + 1], low);
    }

    /** By bytes, through both halves. */
    @Semantics(PSLLDQ)
    @WholeRegister
    public static void pslldq(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        long b = xmm[destination + 1];
        int bits = (int) Math.min(low, 16) * 8;
        xmm[destination] = beyondZero(bits, a << bits);
        xmm[destination + 1] =
                bits == 0
                        ? b
                        : bits < 64 ? b << bits | a >>> -bits : beyondZero(bits - 64, a << bits);
    }

    @Semantics(PSRLDQ)
    @WholeRegister
    public static void psrldq(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        long b = xmm[destination + 1];
        int bits = (int) Math.min(low, 16) * 8;
        xmm[destination + 1] = beyondZero(bits, b >>> bits);
        xmm[destination] =
                bits == 0
                        ? a
                        : bits < 64 ? a >>> bits | b << -bits : beyondZero(bits - 64, b >>> bits);
    }

    /** Java counts shifts modulo 64. */
    private static long beyondZero(int bits, long shifted) {
        return bits > 63 ? 0 : shifted;
    }

    private static boolean beyond(int bits, long count) {
        return Long.compareUnsigned(count, bits) >= 0;
    }

    static long left(int bits, long lane, long count) {
        if (beyond(bits, count)) {
            return 0;
        }
        return (lane << count) & everyElement(bits, Elements.mask(bits) << count);
    }

    static long right(int bits, long lane, long count) {
        if (beyond(bits, count)) {
            return 0;
        }
        return (lane >>> count) & everyElement(bits, Elements.mask(bits) >>> count);
    }

    private static long everyElement(int bits, long mask) {
        return bits == 64 ? -1L : (mask & Elements.mask(bits)) * Elements.ones(bits);
    }

    static long arithmeticRight(int bits, long lane, long count) {
        long places = beyond(bits, count) ? bits - 1 : count;
        return Elements.signed(bits, lane, lane, (x, same) -> x >> places);
    }
}
