package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.MOVDDUP;
import static dev.carafe.core.isa.Operation.MOVSHDUP;
import static dev.carafe.core.isa.Operation.MOVSLDUP;
import static dev.carafe.core.isa.Operation.PALIGNR;
import static dev.carafe.core.isa.Operation.PSHUFB;

import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/**
 * Shuffles by bytes and duplications (SDM Vol. 1, "SSE3 Instructions", "Packed Shuffle Bytes",
 * "Packed Align Right").
 */
public final class ByteShuffles {
    private ByteShuffles() {}

    @Semantics(MOVDDUP)
    @WholeRegister
    public static void movddup(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = low;
        xmm[destination + 1] = low;
    }

    @Semantics(MOVSLDUP)
    @Lanewise
    public static long movsldup(long b) {
        return Single.pair(b, b);
    }

    @Semantics(MOVSHDUP)
    @Lanewise
    public static long movshdup(long b) {
        return Single.pair(b >>> 32, b >>> 32);
    }

    /** A selector with its top bit set means zero. */
    @Semantics(PSHUFB)
    @WholeRegister
    public static void pshufb(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        long b = xmm[destination + 1];
        xmm[destination] = chosenBytes(a, b, low);
        xmm[destination + 1] = chosenBytes(a, b, high);
    }

    /** Of the sixteen bytes from {@code low} and {@code high}, those that the selectors name. */
    static long chosenBytes(long low, long high, long selectors) {
        long result = 0;
        for (int at = 0; at < 64; at += 8) {
            int selector = (int) (selectors >>> at);
            long value = ((selector & 8) == 0 ? low : high) >>> (selector & 7) * 8 & 0xFF;
            result |= (selector & 0x80) == 0 ? value << at : 0;
        }
        return result;
    }

    @Semantics(PALIGNR)
    @WholeRegister
    public static void palignr(long[] xmm, int destination, long low, long high, int immediate) {
        long[] quadwords = {low, high, xmm[destination], xmm[destination + 1]};
        xmm[destination] = quadwordAt(quadwords, immediate);
        xmm[destination + 1] = quadwordAt(quadwords, immediate + 8);
    }

    /** Eight bytes from a byte index on; beyond the end there are zeros. */
    static long quadwordAt(long[] quadwords, int index) {
        int first = index >> 3;
        int bits = (index & 7) * 8;
        long low = first < quadwords.length ? quadwords[first] : 0;
        long high = first + 1 < quadwords.length ? quadwords[first + 1] : 0;
        return bits == 0 ? low : low >>> bits | high << -bits;
    }
}
