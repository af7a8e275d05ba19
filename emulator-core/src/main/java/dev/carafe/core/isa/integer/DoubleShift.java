package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.RORX;
import static dev.carafe.core.isa.Operation.SARX;
import static dev.carafe.core.isa.Operation.SHLD;
import static dev.carafe.core.isa.Operation.SHLX;
import static dev.carafe.core.isa.Operation.SHRD;
import static dev.carafe.core.isa.Operation.SHRX;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Semantics;

/**
 * SHLD and SHRD (SDM Vol. 1, "Double-Shift Instructions"), and BMI2's shifts that leave the flags
 * alone.
 *
 * <p>OF, defined for a count of 1 only, is for every count what a count of 1 would give, as on
 * Intel processors. 16-bit double shifts by more than 16, undefined by the manual, shift on through
 * the three words destination, source, destination, as they do.
 */
public final class DoubleShift {
    private DoubleShift() {}

    @Semantics(SHLD)
    public static long shiftLeftDouble(Flags flags, Width width, long a, long b, long count) {
        int n = ShiftRotate.masked(width, count);
        if (n == 0) {
            return a;
        }
        long out;
        long result;
        if (width.bits() == 16) {
            long words = a << 32 | b << 16 | a;
            out = words << (n - 1) >>> 32;
            result = width.truncate(words << n >>> 32);
        } else {
            out = a << (n - 1);
            result = width.truncate(a << n | b >>> (width.bits() - n));
        }
        long carry = width.signBit(out);
        flags.afterShift(width, result, carry, width.signBit(a ^ a << 1));
        return result;
    }

    @Semantics(SHRD)
    public static long shiftRightDouble(Flags flags, Width width, long a, long b, long count) {
        int n = ShiftRotate.masked(width, count);
        if (n == 0) {
            return a;
        }
        long out;
        long result;
        if (width.bits() == 16) {
            long words = a << 32 | b << 16 | a;
            out = words >>> (n - 1);
            result = width.truncate(out >>> 1);
        } else {
            out = a >>> (n - 1);
            result = width.truncate(out >>> 1 | b << (width.bits() - n));
        }
        flags.afterShift(width, result, out & 1, width.signBit(a) ^ b & 1);
        return result;
    }

    @Semantics(RORX)
    public static long rotateRight(Width width, long a, long count) {
        return ShiftRotate.rotatedRight(width, a, (int) count & (width.bits() - 1));
    }

    @Semantics(SARX)
    public static long shiftArithmeticRight(Width width, long a, long count) {
        return width.truncate(width.signExtend(a) >> ShiftRotate.masked(width, count));
    }

    @Semantics(SHLX)
    public static long shiftLeft(Width width, long a, long count) {
        return width.truncate(a << ShiftRotate.masked(width, count));
    }

    @Semantics(SHRX)
    public static long shiftRight(Width width, long a, long count) {
        return a >>> ShiftRotate.masked(width, count);
    }
}
