package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.BSF;
import static dev.carafe.core.isa.Operation.BSR;
import static dev.carafe.core.isa.Operation.BSWAP;
import static dev.carafe.core.isa.Operation.BT;
import static dev.carafe.core.isa.Operation.BTC;
import static dev.carafe.core.isa.Operation.BTR;
import static dev.carafe.core.isa.Operation.BTS;
import static dev.carafe.core.isa.Operation.CRC32;
import static dev.carafe.core.isa.Operation.LZCNT;
import static dev.carafe.core.isa.Operation.POPCNT;
import static dev.carafe.core.isa.Operation.TZCNT;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Semantics;

/**
 * Bit tests, scans and counts (SDM Vol. 1, "Bit and Byte Instructions"). Flags that the manual
 * leaves undefined are as Intel processors leave them: BT and its kin change CF only.
 */
public final class BitOps {
    private static final int CASTAGNOLI =
            0x82F63B78; // the polynomial 11EDC6F41h without its top bit, bits reversed

    private BitOps() {}

    /**
     * The bit index counts modulo the width: the register and immediate forms. A memory operand
     * indexed by a register is addressed before it arrives here.
     */
    @Semantics(BT)
    public static void bitTest(Flags flags, Width width, long a, long bit) {
        flags.setCarry((a >>> (bit & (width.bits() - 1)) & 1) != 0);
    }

    @Semantics(BTS)
    public static long bitTestAndSet(Flags flags, Width width, long a, long bit) {
        bitTest(flags, width, a, bit);
        return a | 1L << (bit & (width.bits() - 1));
    }

    @Semantics(BTR)
    public static long bitTestAndReset(Flags flags, Width width, long a, long bit) {
        bitTest(flags, width, a, bit);
        return a & ~(1L << (bit & (width.bits() - 1)));
    }

    @Semantics(BTC)
    public static long bitTestAndComplement(Flags flags, Width width, long a, long bit) {
        bitTest(flags, width, a, bit);
        return a ^ 1L << (bit & (width.bits() - 1));
    }

    /** A zero source leaves the destination as it was, as processors do. */
    @Semantics(BSF)
    public static long bitScanForward(Flags flags, Width width, long destination, long source) {
        return scanned(flags, source, destination, Long.numberOfTrailingZeros(source));
    }

    /** A zero source leaves the destination as it was, as processors do. */
    @Semantics(BSR)
    public static long bitScanReverse(Flags flags, Width width, long destination, long source) {
        return scanned(flags, source, destination, 63 - Long.numberOfLeadingZeros(source));
    }

    /** ZF tells a zero source; PF, undefined, follows the index found. */
    private static long scanned(Flags flags, long source, long destination, int index) {
        if (source == 0) {
            flags.afterLogic(Width.W8, 0);
            return destination;
        }
        flags.afterMultiply(Width.W8, index, 0);
        return index;
    }

    @Semantics(TZCNT)
    public static long trailingZeros(Flags flags, Width width, long source) {
        long count = source == 0 ? width.bits() : Long.numberOfTrailingZeros(source);
        flags.afterBitManipulation(width, count, source == 0 ? 1 : 0);
        return count;
    }

    @Semantics(LZCNT)
    public static long leadingZeros(Flags flags, Width width, long source) {
        long count = Long.numberOfLeadingZeros(source) - width.shift();
        flags.afterBitManipulation(width, count, source == 0 ? 1 : 0);
        return count;
    }

    /** ZF tells a zero source; the other status flags are cleared. */
    @Semantics(POPCNT)
    public static long populationCount(Flags flags, Width width, long source) {
        flags.set(source == 0 ? Flags.ZF : 0);
        return Long.bitCount(source);
    }

    /** 16 bits, undefined by the manual, give 0 as on Intel processors. */
    @Semantics(BSWAP)
    public static long byteSwap(Width width, long a) {
        return width.bits() == 16 ? 0 : Long.reverseBytes(a) >>> width.shift();
    }

    /** The width is that of the source; the result has 32 bits, zero-extended. */
    @Semantics(CRC32)
    public static long crc32(Width sourceWidth, long accumulator, long source) {
        int crc = (int) accumulator;
        for (int done = 0; done < sourceWidth.bits(); done += 8) {
            crc ^= (int) (source >>> done) & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ CASTAGNOLI & -(crc & 1);
            }
        }
        return Integer.toUnsignedLong(crc);
    }
}
