package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.PACKSSDW;
import static dev.carafe.core.isa.Operation.PACKSSWB;
import static dev.carafe.core.isa.Operation.PACKUSDW;
import static dev.carafe.core.isa.Operation.PACKUSWB;
import static dev.carafe.core.isa.Operation.PSHUFD;
import static dev.carafe.core.isa.Operation.PSHUFHW;
import static dev.carafe.core.isa.Operation.PSHUFLW;
import static dev.carafe.core.isa.Operation.PUNPCKHBW;
import static dev.carafe.core.isa.Operation.PUNPCKHDQ;
import static dev.carafe.core.isa.Operation.PUNPCKHQDQ;
import static dev.carafe.core.isa.Operation.PUNPCKHWD;
import static dev.carafe.core.isa.Operation.PUNPCKLBW;
import static dev.carafe.core.isa.Operation.PUNPCKLDQ;
import static dev.carafe.core.isa.Operation.PUNPCKLQDQ;
import static dev.carafe.core.isa.Operation.PUNPCKLWD;
import static dev.carafe.core.isa.Operation.SHUFPD;
import static dev.carafe.core.isa.Operation.SHUFPS;
import static dev.carafe.core.isa.Operation.UNPCKHPD;
import static dev.carafe.core.isa.Operation.UNPCKHPS;
import static dev.carafe.core.isa.Operation.UNPCKLPD;
import static dev.carafe.core.isa.Operation.UNPCKLPS;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/** Shuffle, unpack and pack instructions (SDM Vol. 1, "SSE Shuffle and Unpack Instructions"). */
public final class Shuffles {
    private Shuffles() {}

    @Semantics(PSHUFD)
    @WholeRegister
    public static void pshufd(long[] xmm, int destination, long low, long high, int immediate) {
        long first =
                Single.pair(
                        doubleword(low, high, immediate), doubleword(low, high, immediate >> 2));
        xmm[destination + 1] =
                Single.pair(
                        doubleword(low, high, immediate >> 4),
                        doubleword(low, high, immediate >> 6));
        xmm[destination] = first;
    }

    @Semantics(PSHUFLW)
    @WholeRegister
    public static void pshuflw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = shuffledWords(low, immediate);
        xmm[destination + 1] = high;
    }

    @Semantics(PSHUFHW)
    @WholeRegister
    public static void pshufhw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = low;
        xmm[destination + 1] = shuffledWords(high, immediate);
    }

    @Semantics(SHUFPS)
    @WholeRegister
    public static void shufps(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        long b = xmm[destination + 1];
        xmm[destination] =
                Single.pair(doubleword(a, b, immediate), doubleword(a, b, immediate >> 2));
        xmm[destination + 1] =
                Single.pair(
                        doubleword(low, high, immediate >> 4),
                        doubleword(low, high, immediate >> 6));
    }

    @Semantics(SHUFPD)
    @WholeRegister(immediateBits = 2)
    public static void shufpd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = (immediate & 1) == 0 ? xmm[destination] : xmm[destination + 1];
        xmm[destination + 1] = (immediate & 2) == 0 ? low : high;
    }

    @Semantics(PUNPCKLBW)
    @WholeRegister
    public static void punpcklbw(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        xmm[destination] = interleaved(8, a, low);
        xmm[destination + 1] = interleaved(8, a >>> 32, low >>> 32);
    }

    @Semantics(PUNPCKHBW)
    @WholeRegister
    public static void punpckhbw(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination + 1];
        xmm[destination] = interleaved(8, a, high);
        xmm[destination + 1] = interleaved(8, a >>> 32, high >>> 32);
    }

    @Semantics(PUNPCKLWD)
    @WholeRegister
    public static void punpcklwd(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        xmm[destination] = interleaved(16, a, low);
        xmm[destination + 1] = interleaved(16, a >>> 32, low >>> 32);
    }

    @Semantics(PUNPCKHWD)
    @WholeRegister
    public static void punpckhwd(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination + 1];
        xmm[destination] = interleaved(16, a, high);
        xmm[destination + 1] = interleaved(16, a >>> 32, high >>> 32);
    }

    @Semantics({PUNPCKLDQ, UNPCKLPS})
    @WholeRegister
    public static void punpckldq(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        xmm[destination] = interleaved(32, a, low);
        xmm[destination + 1] = interleaved(32, a >>> 32, low >>> 32);
    }

    @Semantics({PUNPCKHDQ, UNPCKHPS})
    @WholeRegister
    public static void punpckhdq(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination + 1];
        xmm[destination] = interleaved(32, a, high);
        xmm[destination + 1] = interleaved(32, a >>> 32, high >>> 32);
    }

    @Semantics({PUNPCKLQDQ, UNPCKLPD})
    @WholeRegister
    public static void punpcklqdq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination + 1] = low;
    }

    @Semantics({PUNPCKHQDQ, UNPCKHPD})
    @WholeRegister
    public static void punpckhqdq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = xmm[destination + 1];
        xmm[destination + 1] = high;
    }

    @Semantics(PACKSSWB)
    @WholeRegister
    public static void packsswb(long[] xmm, int destination, long low, long high, int immediate) {
        long a =
                packed(
                        16,
                        xmm[destination],
                        xmm[destination + 1],
                        (x, unused) -> Elements.clampSigned(8, x));
        xmm[destination + 1] = packed(16, low, high, (x, unused) -> Elements.clampSigned(8, x));
        xmm[destination] = a;
    }

    @Semantics(PACKUSWB)
    @WholeRegister
    public static void packuswb(long[] xmm, int destination, long low, long high, int immediate) {
        long a =
                packed(
                        16,
                        xmm[destination],
                        xmm[destination + 1],
                        (x, unused) -> Elements.clampUnsigned(8, x));
        xmm[destination + 1] = packed(16, low, high, (x, unused) -> Elements.clampUnsigned(8, x));
        xmm[destination] = a;
    }

    @Semantics(PACKUSDW)
    @WholeRegister
    public static void packusdw(long[] xmm, int destination, long low, long high, int immediate) {
        long a =
                packed(
                        32,
                        xmm[destination],
                        xmm[destination + 1],
                        (x, unused) -> Elements.clampUnsigned(16, x));
        xmm[destination + 1] = packed(32, low, high, (x, unused) -> Elements.clampUnsigned(16, x));
        xmm[destination] = a;
    }

    @Semantics(PACKSSDW)
    @WholeRegister
    public static void packssdw(long[] xmm, int destination, long low, long high, int immediate) {
        long a =
                packed(
                        32,
                        xmm[destination],
                        xmm[destination + 1],
                        (x, unused) -> Elements.clampSigned(16, x));
        xmm[destination + 1] = packed(32, low, high, (x, unused) -> Elements.clampSigned(16, x));
        xmm[destination] = a;
    }

    private static long doubleword(long low, long high, int selector) {
        return ((selector & 2) == 0 ? low : high) >>> ((selector & 1) << 5) & 0xFFFF_FFFFL;
    }

    static long shuffledWords(long lane, int selectors) {
        long result = 0;
        for (int word = 0; word < 4; word++) {
            int from = selectors >> 2 * word & 3;
            result |= (lane >>> 16 * from & 0xFFFF) << 16 * word;
        }
        return result;
    }

    /** Elements of the low halves of a and b in turn. */
    static long interleaved(int bits, long a, long b) {
        long result = 0;
        for (int at = 0; at < 32; at += bits) {
            result |=
                    (a >>> at & Elements.mask(bits)) << 2 * at
                            | (b >>> at & Elements.mask(bits)) << 2 * at + bits;
        }
        return result;
    }

    /** Sixteen bytes of signed elements narrowed to half their size. */
    static long packed(int bits, long low, long high, Elements.Operation narrow) {
        int half = bits / 2;
        long result = 0;
        for (int at = 0; at < 64; at += bits) {
            long first = narrow.apply(Elements.signedAt(bits, low, at), 0) & Elements.mask(half);
            long second = narrow.apply(Elements.signedAt(bits, high, at), 0) & Elements.mask(half);
            result |= first << at / 2 | second << 32 + at / 2;
        }
        return result;
    }
}
