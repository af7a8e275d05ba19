package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.PADDSB;
import static dev.carafe.core.isa.Operation.PADDSW;
import static dev.carafe.core.isa.Operation.PADDUSB;
import static dev.carafe.core.isa.Operation.PADDUSW;
import static dev.carafe.core.isa.Operation.PAVGB;
import static dev.carafe.core.isa.Operation.PAVGW;
import static dev.carafe.core.isa.Operation.PMADDWD;
import static dev.carafe.core.isa.Operation.PMAXSW;
import static dev.carafe.core.isa.Operation.PMAXUB;
import static dev.carafe.core.isa.Operation.PMINSW;
import static dev.carafe.core.isa.Operation.PMINUB;
import static dev.carafe.core.isa.Operation.PMULHUW;
import static dev.carafe.core.isa.Operation.PMULHW;
import static dev.carafe.core.isa.Operation.PMULLW;
import static dev.carafe.core.isa.Operation.PMULUDQ;
import static dev.carafe.core.isa.Operation.PSADBW;
import static dev.carafe.core.isa.Operation.PSUBSB;
import static dev.carafe.core.isa.Operation.PSUBSW;
import static dev.carafe.core.isa.Operation.PSUBUSB;
import static dev.carafe.core.isa.Operation.PSUBUSW;

import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;

/**
 * Packed saturating, averaging, minimum, maximum and multiplying instructions (SDM Vol. 1, "SSE2
 * 128-Bit SIMD Integer Instructions").
 */
public final class PackedSaturating {
    private PackedSaturating() {}

    @Semantics(PADDSB)
    @Lanewise
    public static long paddsb(long a, long b) {
        return Elements.signed(8, a, b, (x, y) -> Elements.clampSigned(8, x + y));
    }

    @Semantics(PADDUSB)
    @Lanewise
    public static long paddusb(long a, long b) {
        return Elements.unsigned(8, a, b, (x, y) -> Elements.clampUnsigned(8, x + y));
    }

    @Semantics(PSUBSB)
    @Lanewise
    public static long psubsb(long a, long b) {
        return Elements.signed(8, a, b, (x, y) -> Elements.clampSigned(8, x - y));
    }

    @Semantics(PSUBUSB)
    @Lanewise
    public static long psubusb(long a, long b) {
        return Elements.unsigned(8, a, b, (x, y) -> Elements.clampUnsigned(8, x - y));
    }

    @Semantics(PAVGB)
    @Lanewise
    public static long pavgb(long a, long b) {
        return Elements.unsigned(8, a, b, (x, y) -> x + y + 1 >>> 1);
    }

    @Semantics(PADDSW)
    @Lanewise
    public static long paddsw(long a, long b) {
        return Elements.signed(16, a, b, (x, y) -> Elements.clampSigned(16, x + y));
    }

    @Semantics(PADDUSW)
    @Lanewise
    public static long paddusw(long a, long b) {
        return Elements.unsigned(16, a, b, (x, y) -> Elements.clampUnsigned(16, x + y));
    }

    @Semantics(PSUBSW)
    @Lanewise
    public static long psubsw(long a, long b) {
        return Elements.signed(16, a, b, (x, y) -> Elements.clampSigned(16, x - y));
    }

    @Semantics(PSUBUSW)
    @Lanewise
    public static long psubusw(long a, long b) {
        return Elements.unsigned(16, a, b, (x, y) -> Elements.clampUnsigned(16, x - y));
    }

    @Semantics(PAVGW)
    @Lanewise
    public static long pavgw(long a, long b) {
        return Elements.unsigned(16, a, b, (x, y) -> x + y + 1 >>> 1);
    }

    @Semantics(PMAXSW)
    @Lanewise
    public static long pmaxsw(long a, long b) {
        return Elements.signed(16, a, b, Math::max);
    }

    @Semantics(PMINSW)
    @Lanewise
    public static long pminsw(long a, long b) {
        return Elements.signed(16, a, b, Math::min);
    }

    @Semantics(PMAXUB)
    @Lanewise
    public static long pmaxub(long a, long b) {
        return Elements.unsigned(8, a, b, Math::max);
    }

    @Semantics(PMINUB)
    @Lanewise
    public static long pminub(long a, long b) {
        return Elements.unsigned(8, a, b, Math::min);
    }

    @Semantics(PMULLW)
    @Lanewise
    public static long pmullw(long a, long b) {
        return Elements.signed(16, a, b, (x, y) -> x * y);
    }

    @Semantics(PMULHW)
    @Lanewise
    public static long pmulhw(long a, long b) {
        return Elements.signed(16, a, b, (x, y) -> x * y >> 16);
    }

    @Semantics(PMULHUW)
    @Lanewise
    public static long pmulhuw(long a, long b) {
        return Elements.unsigned(16, a, b, (x, y) -> x * y >>> 16);
    }

    @Semantics(PMULUDQ)
    @Lanewise
    public static long pmuludq(long a, long b) {
        return Single.low(a) * Single.low(b);
    }

    /** Products of signed words, added in pairs. */
    @Semantics(PMADDWD)
    @Lanewise
    public static long pmaddwd(long a, long b) {
        long low = product(a, b, 0) + product(a, b, 16);
        return Single.pair(low, product(a, b, 32) + product(a, b, 48));
    }

    private static long product(long a, long b, int at) {
        return Elements.signedAt(16, a, at) * Elements.signedAt(16, b, at);
    }

    @Semantics(PSADBW)
    @Lanewise
    public static long psadbw(long a, long b) {
        long sum = 0;
        for (int at = 0; at < 64; at += 8) {
            sum += Math.abs((a >>> at & 0xFF) - (b >>> at & 0xFF));
        }
        return sum;
    }
}
