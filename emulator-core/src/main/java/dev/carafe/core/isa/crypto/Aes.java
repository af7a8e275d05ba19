package dev.carafe.core.isa.crypto;

import static dev.carafe.core.isa.Operation.AESDEC;
import static dev.carafe.core.isa.Operation.AESDECLAST;
import static dev.carafe.core.isa.Operation.AESENC;
import static dev.carafe.core.isa.Operation.AESENCLAST;
import static dev.carafe.core.isa.Operation.AESIMC;
import static dev.carafe.core.isa.Operation.AESKEYGENASSIST;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/**
 * Rounds of AES (SDM Vol. 1, "AESNI"; FIPS 197). The state's columns are the register's
 * doublewords, its rows their bytes.
 */
public final class Aes {
    private static final int[] SUBSTITUTES = new int[256];
    private static final int[] ORIGINALS = new int[256]; // the inverse of SUBSTITUTES

    /** The column that MixColumns makes of a byte in row 0, and InvMixColumns. */
    private static final int[] MIXED = new int[256];

    private static final int[] UNMIXED = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int inverse = ByteField.inverse(i);
            int substitute = 0x63;
            for (int rotation = 0; rotation < 5; rotation++) {
                substitute ^= (inverse << rotation | inverse >> 8 - rotation) & 0xFF;
            }
            SUBSTITUTES[i] = substitute;
            ORIGINALS[substitute] = i;
            MIXED[i] = column(i, 2, 1, 1, 3);
            UNMIXED[i] = column(i, 14, 9, 13, 11);
        }
    }

    private Aes() {}

    private static int column(int value, int row0, int row1, int row2, int row3) {
        return ByteField.multiply(value, row0)
                | ByteField.multiply(value, row1) << 8
                | ByteField.multiply(value, row2) << 16
                | ByteField.multiply(value, row3) << 24;
    }

    @Semantics(AESENC)
    @WholeRegister
    public static void aesenc(long[] xmm, int destination, long low, long high, int immediate) {
        round(xmm, destination, low, high, 1, SUBSTITUTES, MIXED);
    }

    @Semantics(AESENCLAST)
    @WholeRegister
    public static void aesenclast(long[] xmm, int destination, long low, long high, int immediate) {
        round(xmm, destination, low, high, 1, SUBSTITUTES, null);
    }

    @Semantics(AESDEC)
    @WholeRegister
    public static void aesdec(long[] xmm, int destination, long low, long high, int immediate) {
        round(xmm, destination, low, high, 3, ORIGINALS, UNMIXED);
    }

    @Semantics(AESDECLAST)
    @WholeRegister
    public static void aesdeclast(long[] xmm, int destination, long low, long high, int immediate) {
        round(xmm, destination, low, high, 3, ORIGINALS, null);
    }

    /**
     * ShiftRows, SubBytes, MixColumns and the round key, or their inverses.
     *
     * @param step columns that the bytes of row 1 come from to the right; row 2 twice, row 3 thrice
     * @param mixed null in the last round
     */
    private static void round(
            long[] xmm,
            int destination,
            long keyLow,
            long keyHigh,
            int step,
            int[] substitutes,
            int[] mixed) {
        long low = xmm[destination];
        long high = xmm[destination + 1];
        long first = column(low, high, 0, step, substitutes, mixed);
        long second = column(low, high, 1, step, substitutes, mixed);
        long third = column(low, high, 2, step, substitutes, mixed);
        long fourth = column(low, high, 3, step, substitutes, mixed);
        xmm[destination] = (first | second << 32) ^ keyLow;
        xmm[destination + 1] = (third | fourth << 32) ^ keyHigh;
    }

    private static long column(
            long low, long high, int column, int step, int[] substitutes, int[] mixed) {
        int result = 0;
        for (int row = 0; row < 4; row++) {
            int from = column + step * row & 3;
            long half = (from & 2) == 0 ? low : high;
            int value = substitutes[(int) (half >>> 32 * (from & 1) + 8 * row) & 0xFF];
            result ^= mixed == null ? value << 8 * row : Integer.rotateLeft(mixed[value], 8 * row);
        }
        return Integer.toUnsignedLong(result);
    }

    /** InvMixColumns alone. */
    @Semantics(AESIMC)
    @WholeRegister
    public static void aesimc(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = unmixed(low) | unmixed(low >>> 32) << 32;
        xmm[destination + 1] = unmixed(high) | unmixed(high >>> 32) << 32;
    }

    private static long unmixed(long column) {
        int result = 0;
        for (int row = 0; row < 4; row++) {
            int value = (int) (column >>> 8 * row) & 0xFF;
            result ^= Integer.rotateLeft(UNMIXED[value], 8 * row);
        }
        return Integer.toUnsignedLong(result);
    }

    @Semantics(AESKEYGENASSIST)
    @WholeRegister
    public static void aeskeygenassist(
            long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = keyWords((int) (low >>> 32), immediate);
        xmm[destination + 1] = keyWords((int) (high >>> 32), immediate);
    }

    private static long keyWords(int word, int constant) {
        int substituted = 0;
        for (int at = 0; at < 32; at += 8) {
            substituted |= SUBSTITUTES[word >>> at & 0xFF] << at;
        }
        long rotated = Integer.rotateRight(substituted, 8) ^ constant;
        return Integer.toUnsignedLong(substituted) | rotated << 32;
    }
}
