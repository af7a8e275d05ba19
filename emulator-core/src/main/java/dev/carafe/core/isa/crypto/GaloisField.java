package dev.carafe.core.isa.crypto;

import static dev.carafe.core.isa.Operation.GF2P8AFFINEINVQB;
import static dev.carafe.core.isa.Operation.GF2P8AFFINEQB;
import static dev.carafe.core.isa.Operation.GF2P8MULB;
import static dev.carafe.core.isa.Operation.PCLMULQDQ;

import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;
import java.util.function.IntUnaryOperator;

/** Carry-less multiplication and GFNI (SDM Vol. 2, PCLMULQDQ, GF2P8MULB, GF2P8AFFINEQB). */
public final class GaloisField {
    private GaloisField() {}

    @Semantics(PCLMULQDQ)
    @WholeRegister
    public static void pclmulqdq(long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination + (immediate & 1)];
        long b = (immediate & 0x10) == 0 ? low : high;
        long productLow = 0;
        long productHigh = 0;
        for (int i = 0; i < 64; i++) {
            long chosen = -(b >>> i & 1);
            productLow ^= a << i & chosen;
            productHigh ^= a >>> 1 >>> 63 - i & chosen;
        }
        xmm[destination] = productLow;
        xmm[destination + 1] = productHigh;
    }

    @Semantics(GF2P8MULB)
    @Lanewise
    public static long gf2p8mulb(long a, long b) {
        long result = 0;
        for (int at = 0; at < 64; at += 8) {
            int product = ByteField.multiply((int) (a >>> at) & 0xFF, (int) (b >>> at) & 0xFF);
            result |= (long) product << at;
        }
        return result;
    }

    @Semantics(GF2P8AFFINEQB)
    @Lanewise
    public static long gf2p8affineqb(long a, long b, long immediate) {
        return affine(a, b, (int) immediate, IntUnaryOperator.identity());
    }

    /** The same of each byte's inverse. */
    @Semantics(GF2P8AFFINEINVQB)
    @Lanewise
    public static long gf2p8affineinvqb(long a, long b, long immediate) {
        return affine(a, b, (int) immediate, ByteField::inverse);
    }

    /** Each byte times a matrix of bits, whose first row is its top byte, plus a constant. */
    private static long affine(long bytes, long matrix, int constant, IntUnaryOperator before) {
        long result = 0;
        for (int at = 0; at < 64; at += 8) {
            int value = before.applyAsInt((int) (bytes >>> at) & 0xFF);
            int product = 0;
            for (int bit = 0; bit < 8; bit++) {
                int row = (int) (matrix >>> 8 * (7 - bit)) & value;
                product |= (Integer.bitCount(row) & 1) << bit;
            }
            result |= (long) (product ^ constant) << at;
        }
        return result;
    }
}
