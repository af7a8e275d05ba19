package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.PHMINPOSUW;
import static dev.carafe.core.isa.Operation.PMAXSB;
import static dev.carafe.core.isa.Operation.PMAXSD;
import static dev.carafe.core.isa.Operation.PMAXUD;
import static dev.carafe.core.isa.Operation.PMAXUW;
import static dev.carafe.core.isa.Operation.PMINSB;
import static dev.carafe.core.isa.Operation.PMINSD;
import static dev.carafe.core.isa.Operation.PMINUD;
import static dev.carafe.core.isa.Operation.PMINUW;

import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/**
 * Minima and maxima that SSE2 lacks (SDM Vol. 1, "Packed Integer MIN/MAX Instructions", "Horizontal
 * Search").
 */
public final class PackedExtremes {
    private PackedExtremes() {}

    @Semantics(PMAXSB)
    @Lanewise
    public static long pmaxsb(long a, long b) {
        return Elements.signed(8, a, b, Math::max);
    }

    @Semantics(PMAXSD)
    @Lanewise
    public static long pmaxsd(long a, long b) {
        return Elements.signed(32, a, b, Math::max);
    }

    @Semantics(PMAXUW)
    @Lanewise
    public static long pmaxuw(long a, long b) {
        return Elements.unsigned(16, a, b, Math::max);
    }

    @Semantics(PMAXUD)
    @Lanewise
    public static long pmaxud(long a, long b) {
        return Elements.unsigned(32, a, b, Math::max);
    }

    @Semantics(PMINSB)
    @Lanewise
    public static long pminsb(long a, long b) {
        return Elements.signed(8, a, b, Math::min);
    }

    @Semantics(PMINSD)
    @Lanewise
    public static long pminsd(long a, long b) {
        return Elements.signed(32, a, b, Math::min);
    }

    @Semantics(PMINUW)
    @Lanewise
    public static long pminuw(long a, long b) {
        return Elements.unsigned(16, a, b, Math::min);
    }

    @Semantics(PMINUD)
    @Lanewise
    public static long pminud(long a, long b) {
        return Elements.unsigned(32, a, b, Math::min);
    }

    /** The smallest unsigned word and its place. */
    @Semantics(PHMINPOSUW)
    @WholeRegister
    public static void phminposuw(long[] xmm, int destination, long low, long high, int immediate) {
        long smallest = low & 0xFFFF;
        for (int place = 1; place < 8; place++) {
            long word = (place < 4 ? low : high) >>> 16 * (place & 3) & 0xFFFF;
            if (word < (smallest & 0xFFFF)) {
                smallest = (long) place << 16 | word;
            }
        }
        xmm[destination] = smallest;
        xmm[destination + 1] = 0;
    }
}
