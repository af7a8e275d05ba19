package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.RCL;
import static dev.carafe.core.isa.Operation.RCR;
import static dev.carafe.core.isa.Operation.ROL;
import static dev.carafe.core.isa.Operation.ROR;
import static dev.carafe.core.isa.Operation.SAL;
import static dev.carafe.core.isa.Operation.SAR;
import static dev.carafe.core.isa.Operation.SHL;
import static dev.carafe.core.isa.Operation.SHR;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Semantics;

/**
 * Shifts and rotates (SDM Vol. 1, "Shift and Rotate Instructions"). The count is masked to five
 * bits, six for 64-bit operands; a masked count of 0 leaves all flags as they were.
 *
 * <p>OF, which the manual defines for a count of 1 only, is for every count of a shift what a shift
 * of the same operand by 1 would give, as on Intel processors; for every count of a rotate it is
 * what the last of so many rotates by 1 gives, as on the 80386 and AMD's processors. AF, undefined
 * after shifts, is cleared.
 */
public final class ShiftRotate {
    private ShiftRotate() {}

    @Semantics({SHL, SAL})
    public static long shiftLeft(Flags flags, Width width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long out = a << (n - 1); // the bit that leaves last is now the operand's top bit
        long result = width.truncate(out << 1);
        long carry = width.signBit(out);
        flags.afterShift(width, result, carry, width.signBit(a ^ a << 1));
        return result;
    }

    @Semantics(SHR)
    public static long shiftRight(Flags flags, Width width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long out = a >>> (n - 1);
        long result = out >>> 1;
        flags.afterShift(width, result, out & 1, width.signBit(a));
        return result;
    }

    @Semantics(SAR)
    public static long shiftArithmeticRight(Flags flags, Width width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long out = width.signExtend(a) >> (n - 1);
        long result = width.truncate(out >> 1);
        flags.afterShift(width, result, out & 1, 0);
        return result;
    }

    @Semantics(ROL)
    public static long rotateLeft(Flags flags, Width width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long result = rotatedLeft(width, a, n & (width.bits() - 1));
        long carry = result & 1;
        flags.setCarryAndOverflow(carry != 0, width.signBit(result) != carry);
        return result;
    }

    @Semantics(ROR)
    public static long rotateRight(Flags flags, Width width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long result = rotatedRight(width, a, n & (width.bits() - 1));
        flags.setCarryAndOverflow(width.signBit(result) != 0, topTwoDiffer(width, result));
        return result;
    }

    /**
     * Rotates the operand with CF above it: for 8 and 16 bits the count is taken modulo 9 and 17.
     */
    @Semantics(RCL)
    public static long rotateCarryLeft(Flags flags, Width width, long a, long count) {
        if (masked(width, count) == 0) {
            return a;
        }
        int n = masked(width, count) % (width.bits() + 1);
        long carryIn = flags.carryBit();
        if (n == 0) {
            flags.setCarryAndOverflow(carryIn != 0, width.signBit(a) != carryIn);
            return a;
        }
        long low = n == 1 ? 0 : a >>> (width.bits() - n + 1); // what came round behind CF
        long result = width.truncate(a << (n - 1) << 1 | carryIn << (n - 1) | low);
        long carry = a >>> (width.bits() - n) & 1;
        flags.setCarryAndOverflow(carry != 0, width.signBit(result) != carry);
        return result;
    }

    /** As {@link #rotateCarryLeft}, to the right. */
    @Semantics(RCR)
    public static long rotateCarryRight(Flags flags, Width width, long a, long count) {
        if (masked(width, count) == 0) {
            return a;
        }
        int n = masked(width, count) % (width.bits() + 1);
        long carryIn = flags.carryBit();
        if (n == 0) {
            flags.setCarryAndOverflow(carryIn != 0, topTwoDiffer(width, a));
            return a;
        }
        long high = n == 1 ? 0 : a << (width.bits() - n + 1);
        long result = width.truncate(a >>> (n - 1) >>> 1 | carryIn << (width.bits() - n) | high);
        long carry = a >>> (n - 1) & 1;
        flags.setCarryAndOverflow(carry != 0, topTwoDiffer(width, result));
        return result;
    }

    private static boolean topTwoDiffer(Width width, long value) {
        return width.signBit(value ^ value << 1) != 0;
    }

    /** The count as the processor uses it. */
    static int masked(Width width, long count) {
        return (int) count & (width.bits() == 64 ? 63 : 31);
    }

    private static long rotatedLeft(Width width, long a, int n) {
        return n == 0 ? a : width.truncate(a << n | a >>> (width.bits() - n));
    }

    static long rotatedRight(Width width, long a, int n) {
        return n == 0 ? a : width.truncate(a >>> n | a << (width.bits() - n));
    }
}
