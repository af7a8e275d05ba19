package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.PHADDD;
import static dev.carafe.core.isa.Operation.PHADDSW;
import static dev.carafe.core.isa.Operation.PHADDW;
import static dev.carafe.core.isa.Operation.PHSUBD;
import static dev.carafe.core.isa.Operation.PHSUBSW;
import static dev.carafe.core.isa.Operation.PHSUBW;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/**
 * Horizontal addition and subtraction of integers (SDM Vol. 1, "Horizontal Addition/Subtraction" of
 * SSSE3). The forms on two quadwords serve MMX registers too.
 */
public final class PackedHorizontal {
    private PackedHorizontal() {}

    @Semantics(PHADDW)
    @WholeRegister
    public static void phaddw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = phaddw(xmm[destination], xmm[destination + 1]);
        xmm[destination + 1] = phaddw(low, high);
    }

    static long phaddw(long low, long high) {
        return pairs(16, low, high, (x, y) -> x + y);
    }

    @Semantics(PHADDD)
    @WholeRegister
    public static void phaddd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = phaddd(xmm[destination], xmm[destination + 1]);
        xmm[destination + 1] = phaddd(low, high);
    }

    static long phaddd(long low, long high) {
        return pairs(32, low, high, (x, y) -> x + y);
    }

    @Semantics(PHADDSW)
    @WholeRegister
    public static void phaddsw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = phaddsw(xmm[destination], xmm[destination + 1]);
        xmm[destination + 1] = phaddsw(low, high);
    }

    static long phaddsw(long low, long high) {
        return pairs(16, low, high, (x, y) -> Elements.clampSigned(16, x + y));
    }

    @Semantics(PHSUBW)
    @WholeRegister
    public static void phsubw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = phsubw(xmm[destination], xmm[destination + 1]);
        xmm[destination + 1] = phsubw(low, high);
    }

    static long phsubw(long low, long high) {
        return pairs(16, low, high, (x, y) -> x - y);
    }

    @Semantics(PHSUBD)
    @WholeRegister
    public static void phsubd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = phsubd(xmm[destination], xmm[destination + 1]);
        xmm[destination + 1] = phsubd(low, high);
    }

    static long phsubd(long low, long high) {
        return pairs(32, low, high, (x, y) -> x - y);
    }

    @Semantics(PHSUBSW)
    @WholeRegister
    public static void phsubsw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = phsubsw(xmm[destination], xmm[destination + 1]);
        xmm[destination + 1] = phsubsw(low, high);
    }

    static long phsubsw(long low, long high) {
        return pairs(16, low, high, (x, y) -> Elements.clampSigned(16, x - y));
    }

    /** What becomes of each two neighbours, from both quadwords packed into one. */
    private static long pairs(int bits, long low, long high, Elements.Operation operation) {
        long result = 0;
        for (int at = 0; at < 64; at += 2 * bits) {
            result |= pair(bits, low, at, operation) << at / 2;
            result |= pair(bits, high, at, operation) << 32 + at / 2;
        }
        return result;
    }

    private static long pair(int bits, long lane, int at, Elements.Operation operation) {
        long first = Elements.signedAt(bits, lane, at);
        return operation.apply(first, Elements.signedAt(bits, lane, at + bits))
                & Elements.mask(bits);
    }
}
