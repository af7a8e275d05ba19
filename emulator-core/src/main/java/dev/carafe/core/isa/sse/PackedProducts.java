package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.MPSADBW;
import static dev.carafe.core.isa.Operation.PABSB;
import static dev.carafe.core.isa.Operation.PABSD;
import static dev.carafe.core.isa.Operation.PABSW;
import static dev.carafe.core.isa.Operation.PMADDUBSW;
import static dev.carafe.core.isa.Operation.PMULDQ;
import static dev.carafe.core.isa.Operation.PMULHRSW;
import static dev.carafe.core.isa.Operation.PMULLD;
import static dev.carafe.core.isa.Operation.PSIGNB;
import static dev.carafe.core.isa.Operation.PSIGND;
import static dev.carafe.core.isa.Operation.PSIGNW;

import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/**
 * Absolute values, signs, products and sums of differences of packed integers (SDM Vol. 1, "SSSE3
 * Instructions" and "SSE4.1 Instructions").
 */
public final class PackedProducts {
    private PackedProducts() {}

    @Semantics(PABSB)
    @Lanewise
    public static long pabsb(long b) {
        return Elements.signed(8, b, b, (x, same) -> Math.abs(x));
    }

    @Semantics(PABSW)
    @Lanewise
    public static long pabsw(long b) {
        return Elements.signed(16, b, b, (x, same) -> Math.abs(x));
    }

    @Semantics(PABSD)
    @Lanewise
    public static long pabsd(long b) {
        return Elements.signed(32, b, b, (x, same) -> Math.abs(x));
    }

    @Semantics(PSIGNB)
    @Lanewise
    public static long psignb(long a, long b) {
        return Elements.signed(8, a, b, (x, y) -> x * Long.signum(y));
    }

    @Semantics(PSIGNW)
    @Lanewise
    public static long psignw(long a, long b) {
        return Elements.signed(16, a, b, (x, y) -> x * Long.signum(y));
    }

    @Semantics(PSIGND)
    @Lanewise
    public static long psignd(long a, long b) {
        return Elements.signed(32, a, b, (x, y) -> x * Long.signum(y));
    }

    @Semantics(PMULHRSW)
    @Lanewise
    public static long pmulhrsw(long a, long b) {
        return Elements.signed(16, a, b, (x, y) -> (x * y >> 14) + 1 >> 1);
    }

    /** Unsigned bytes of the destination by signed bytes of the source, added in pairs. */
    @Semantics(PMADDUBSW)
    @Lanewise
    public static long pmaddubsw(long a, long b) {
        long result = 0;
        for (int at = 0; at < 64; at += 16) {
            long sum = mixed(a, b, at) + mixed(a, b, at + 8);
            result |= (Elements.clampSigned(16, sum) & 0xFFFF) << at;
        }
        return result;
    }

    private static long mixed(long a, long b, int at) {
        return (a >>> at & 0xFF) * Elements.signedAt(8, b, at);
    }

    @Semantics(PMULLD)
    @Lanewise
    public static long pmulld(long a, long b) {
        return Elements.signed(32, a, b, (x, y) -> x * y);
    }

    @Semantics(PMULDQ)
    @Lanewise
    public static long pmuldq(long a, long b) {
        return (long) (int) a * (int) b;
    }

    /** Sums of differences of four bytes each, at eight neighbouring places. */
    @Semantics(MPSADBW)
    @WholeRegister(immediateBits = 3)
    public static void mpsadbw(long[] xmm, int destination, long low, long high, int immediate) {
        int from = immediate & 4;
        long first = bytesAt(xmm[destination], xmm[destination + 1], from);
        long second = bytesAt(xmm[destination], xmm[destination + 1], from + 4);
        long block = ((immediate & 2) == 0 ? low : high) >>> 32 * (immediate & 1);
        xmm[destination] = sumsOfDifferences(first, second, block);
        xmm[destination + 1] = sumsOfDifferences(second, second >>> 32, block);
    }

    /** Eight bytes from a multiple of four on. */
    private static long bytesAt(long low, long high, int index) {
        return switch (index) {
            case 0 -> low;
            case 4 -> low >>> 32 | high << 32;
            default -> high;
        };
    }

    private static long sumsOfDifferences(long bytes, long next, long block) {
        long result = 0;
        for (int place = 0; place < 4; place++) {
            long sum = 0;
            for (int i = 0; i < 4; i++) {
                int index = place + i;
                long value = (index < 4 ? bytes >>> 8 * index : next >>> 8 * (index - 4)) & 0xFF;
                sum += Math.abs(value - (block >>> 8 * i & 0xFF));
            }
            result |= sum << 16 * place;
        }
        return result;
    }
}
