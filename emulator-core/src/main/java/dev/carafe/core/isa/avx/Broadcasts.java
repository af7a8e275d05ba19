package dev.carafe.core.isa.avx;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/** One element, or 128 bits, everywhere (SDM Vol. 2, VBROADCAST, VPBROADCAST). */
public final class Broadcasts {
    private static final long BYTES = 0x0101_0101_0101_0101L;
    private static final long WORDS = 0x0001_0001_0001_0001L;
    private static final long DOUBLEWORDS = 0x0000_0001_0000_0001L;

    private Broadcasts() {}

    @Semantics(VPBROADCASTB)
    @WholeRegister(repeatsSource = true)
    public static void bytes(long[] xmm, int destination, long low, long high, int immediate) {
        quadwords(xmm, destination, (low & 0xFF) * BYTES, 0, 0);
    }

    @Semantics(VPBROADCASTW)
    @WholeRegister(repeatsSource = true)
    public static void words(long[] xmm, int destination, long low, long high, int immediate) {
        quadwords(xmm, destination, (low & 0xFFFF) * WORDS, 0, 0);
    }

    @Semantics({VPBROADCASTD, VBROADCASTSS})
    @WholeRegister(repeatsSource = true)
    public static void doublewords(
            long[] xmm, int destination, long low, long high, int immediate) {
        quadwords(xmm, destination, (low & 0xFFFF_FFFFL) * DOUBLEWORDS, 0, 0);
    }

    @Semantics({VPBROADCASTQ, VBROADCASTSD})
    @WholeRegister(repeatsSource = true)
    public static void quadwords(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = low;
        xmm[destination + 1] = low;
    }

    @Semantics({VBROADCASTF128, VBROADCASTI128})
    @WholeRegister(repeatsSource = true)
    public static void lanes(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = low;
        xmm[destination + 1] = high;
    }
}
