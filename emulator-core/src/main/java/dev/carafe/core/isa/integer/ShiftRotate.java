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
 * <p>OF, which the manual defines for a count of 1 only, is for every count what a shift of the
 * same operand by 1 would give, as on Intel processors; AF, undefined after shifts, is cleared. Not
 * modelled: ROL and ROR by an immediate other than 1 leave OF alone there; here they set it as the
 * forms with CL do.
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
        flags.setCarryAndOverflow((result & 1) != 0, width.signBit(a ^ a << 1) != 0);
        return result;
    }

    @Semantics(ROR)
    public static long rotateRight(Flags flags, Width width, long a, long count) {
        int n = masked(width, count);
        if (n == 0) {
            return a;
        }
        long result = rotatedRight(width, a, n & (width.bits() - 1));
        flags.setCarryAndOverflow(width.signBit(result) != 0, (a & 1) != width.signBit(a));
        return result;
    }

    /**
     * Rotates the operand with CF above it: for 8 and 16 bits the count is taken modulo 9 and 17.
     */
    @Semantics(RCL)
    public static long rotateCarryLeft(Flags flags, Width width, long a, long count) {
        int n = masked(width, count) % (width.bits() + 1);
        if (n == 0) {
            return a;
        }
        long carryIn = flags.carryBit();
        long low = n == 1 ? 0 : a >>> (width.bits() - n + 1); // what came round behind CF
        long result = width.truncate(a << (n - 1) << 1 | carryIn << (n - 1) | low);
        long carry = a >>> (width.bits() - n) & 1;
        flags.setCarryAndOverflow(carry != 0, width.signBit(a ^ a << 1) != 0);
        return result;
    }

    /** As {@link #rotateCarryLeft}, to the right. */
    @Semantics(RCR)
    public static long rotateCarryRight(Flags flags, Width width, long a, long count) {
        int n = masked(width, count) % (width.bits() + 1);
        if (n == 0) {
            return a;
        }
        long carryIn = flags.carryBit();
        long high = n == 1 ? 0 : a << (width.bits() - n + 1);
        long result = width.truncate(a >>> (n - 1) >>> 1 | carryIn << (width.bits() - n) | high);
        long carry = a >>> (n - 1) & 1;
        flags.setCarryAndOverflow(carry != 0, carryIn != width.signBit(a));
        return result;
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
