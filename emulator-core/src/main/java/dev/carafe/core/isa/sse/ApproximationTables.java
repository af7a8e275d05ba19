package dev.carafe.core.isa.sse;

import java.util.function.DoubleUnaryOperator;

/**
 * What a processor (AMD, family 19h) answers to RCPPS and RSQRTPS, measured there: the twelve bits
 * behind the leading one of the operand select a result of twelve bits, in steps of 2^−13 above one
 * half.
 *
 * <p>Its table is the difference of two smaller ones. The first has an entry for each eight upper
 * bits: the exact value at the start of the interval, with a correction of −1, 0 or 1 step, written
 * as a digit 0, 1 or 2. The second has one for the upper and the lower four bits: how far the
 * result falls inside the interval, written as the difference to the entry before.
 */
final class ApproximationTables {
    private static final int SIZE = 4096;
    private static final int STEPS = 8192;

    static final short[] RECIPROCALS =
            table(
                    1,
                    x -> 1 / x,
                    "0000111111112221000101111111111200001011111111210101111011111111"
                            + "0011111111111111121112211212122211111121111112211111111111112121"
                            + "1100111121112111111111111111121111111112111111121111111111111211"
                            + "0110111100001111111111111111211100000011110110111111111111111111",
                    "0212222222122222012212212212212201211212121212120112112112112112"
                            + "0111121112111121011211111111211101111111111111110111110111111111"
                            + "0110111111011111010111101111011101101101110111010101101101101101"
                            + "0011010110110101001101011010110100101010110101010010101101010101");

    static final short[] ROOTS_FROM_1 =
            table(
                    1,
                    x -> 1 / Math.sqrt(x),
                    "0001101111111111111111111111111111111111112112111101111111211212"
                            + "0110111111111111111111111211111111111111111111111110111111110111"
                            + "2112121212112111111111111111121111111111111111111122111122222222"
                            + "1101111011111111111111111211211111111221111111111111011111111111",
                    "0111111101111111011101111111011101101111011111010110110111011101"
                            + "0011011101101101010110110101101100110101011011010010101101010110"
                            + "0101010101010101001010101010101000101010010101010101001010101001"
                            + "0010010100101010001010010100100100100101001010010001001010010010");

    static final short[] ROOTS_FROM_2 =
            table(
                    2,
                    x -> 1 / Math.sqrt(x),
                    "1110011111211111111011111111111110110111111111111111111112111111"
                            + "1111111111111111121111211121111111111111111111111111111111111111"
                            + "1111111111111101111111011111111112111111111111211111222222222221"
                            + "0111110111011111011110111111111111111111111111111111112111111111",
                    "0101101101101101001101011011011000110101011010100011010101010101"
                            + "0010101010101010010010101010100100101001010100100010100101001010"
                            + "0001010010010100001001001001001000100100100100100100100100100010"
                            + "0001001000100100000100100010010000100010001000100010001000100010");

    private ApproximationTables() {}

    private static short[] table(
            double start, DoubleUnaryOperator function, String corrections, String falls) {
        short[] table = new short[SIZE];
        for (int upper = 0; upper < 256; upper++) {
            double x = start + (upper * 16 + 0.5) * start / SIZE;
            int value = (int) Math.floor(STEPS * (function.applyAsDouble(x) - 0.5) + 0.5);
            value += corrections.charAt(upper) - '1';
            for (int lower = 0; lower < 16; lower++) {
                value -= falls.charAt((upper & 0xF0) + lower) - '0';
                table[upper * 16 + lower] = (short) value;
            }
        }
        return table;
    }
}
