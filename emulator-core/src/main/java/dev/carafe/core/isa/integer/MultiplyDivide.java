package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.DIV;
import static dev.carafe.core.isa.Operation.IDIV;
import static dev.carafe.core.isa.Operation.IMUL;
import static dev.carafe.core.isa.Operation.MUL;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.Semantics;

/**
 * Multiplication and division (SDM Vol. 1, "Multiply and Divide Instructions"). The one-operand
 * forms work on AX, DX:AX, EDX:EAX or RDX:RAX. After a multiplication SF and PF, which the manual
 * leaves undefined, follow the low half of the product and ZF and AF are clear; a division leaves
 * the flags alone; both as on Intel processors.
 */
public final class MultiplyDivide {
    private MultiplyDivide() {}

    @Semantics(MUL)
    public static void mul(Cpu cpu, Width width, long source) {
        long a = width.truncate(cpu.regs[Registers.RAX]);
        long low = a * source;
        long high =
                width.bits() == 64 ? Math.unsignedMultiplyHigh(a, source) : low >>> width.bits();
        low = width.truncate(low);
        writeWide(cpu, width, low, high);
        long tooLong = high != 0 ? 1 : 0;
        cpu.flags.afterMultiply(width, low, tooLong);
    }

    @Semantics(IMUL)
    public static void imul(Cpu cpu, Width width, long source) {
        long a = width.signExtend(cpu.regs[Registers.RAX]);
        long b = width.signExtend(source);
        long product = a * b;
        long high = width.bits() == 64 ? Math.multiplyHigh(a, b) : product >> width.bits();
        long low = width.truncate(product);
        writeWide(cpu, width, low, high);
        signedFlags(cpu.flags, width, low, high);
    }

    /** The two- and three-operand forms: the product truncated to the width of its factors. */
    @Semantics(IMUL)
    public static long imul(Flags flags, Width width, long first, long second) {
        long a = width.signExtend(first);
        long b = width.signExtend(second);
        long product = a * b;
        long high = width.bits() == 64 ? Math.multiplyHigh(a, b) : product >> width.bits();
        long low = width.truncate(product);
        signedFlags(flags, width, low, high);
        return low;
    }

    @Semantics(DIV)
    public static void div(Cpu cpu, Width width, long divisor) {
        if (divisor == 0) {
            throw divideError();
        }
        long quotient;
        long remainder;
        if (width.bits() == 64) {
            long high = cpu.regs[Registers.RDX];
            long low = cpu.regs[Registers.RAX];
            if (Long.compareUnsigned(high, divisor) >= 0) {
                throw divideError();
            }
            quotient = quotient(high, low, divisor);
            remainder = low - quotient * divisor;
        } else {
            long dividend = readWide(cpu, width);
            quotient = Long.divideUnsigned(dividend, divisor);
            remainder = dividend - quotient * divisor;
            if (quotient != width.truncate(quotient)) {
                throw divideError();
            }
        }
        writeWide(cpu, width, quotient, remainder);
    }

    @Semantics(IDIV)
    public static void idiv(Cpu cpu, Width width, long source) {
        if (source == 0) {
            throw divideError();
        }
        long divisor = width.signExtend(source);
        if (width.bits() == 64) {
            idiv64(cpu, divisor);
            return;
        }
        int spare = 64 - 2 * width.bits();
        long dividend = readWide(cpu, width) << spare >> spare;
        long quotient = dividend / divisor;
        // The 32-bit case −2^63 / −1 wraps to −2^63, which fits no 32-bit quotient either.
        if (quotient != width.signExtend(quotient)) {
            throw divideError();
        }
        writeWide(
                cpu,
                width,
                width.truncate(quotient),
                width.truncate(dividend - quotient * divisor));
    }

    private static void idiv64(Cpu cpu, long divisor) {
        long high = cpu.regs[Registers.RDX];
        long low = cpu.regs[Registers.RAX];
        boolean negative = high < 0;
        if (negative) {
            high = ~high + (low == 0 ? 1 : 0);
            low = -low;
        }
        long magnitude =
                Math.abs(divisor); // −2^63 stays as it is, which is its magnitude as an unsigned
        // number
        if (Long.compareUnsigned(high, magnitude) >= 0) {
            throw divideError();
        }
        long quotient = quotient(high, low, magnitude);
        long remainder = low - quotient * magnitude;
        boolean minus = negative != divisor < 0;
        if (quotient < 0 && !(minus && quotient == Long.MIN_VALUE)) {
            throw divideError();
        }
        writeWide(cpu, Width.W64, minus ? -quotient : quotient, negative ? -remainder : remainder);
    }

    /** high:low / divisor, unsigned; high is below the divisor, so that the quotient fits. */
    public static long quotient(long high, long low, long divisor) {
        if (high == 0) {
            return Long.divideUnsigned(low, divisor);
        }
        // Schoolbook division by two 32-bit digits, the divisor normalised so that each guess is at
        // most two too large.
        int shift = Long.numberOfLeadingZeros(divisor);
        long d = divisor << shift;
        long upper = shift == 0 ? high : high << shift | low >>> (64 - shift);
        long lower = low << shift;
        long q1 = digit(upper, lower >>> 32, d);
        long rest = (upper << 32 | lower >>> 32) - q1 * d;
        long q0 = digit(rest, lower & 0xFFFF_FFFFL, d);
        return q1 << 32 | q0;
    }

    /** One digit of the quotient: (upper:next) / d, where upper is below d. */
    private static long digit(long upper, long next, long d) {
        long high = d >>> 32;
        long low = d & 0xFFFF_FFFFL;
        long guess = Long.divideUnsigned(upper, high);
        long rest = upper - guess * high;
        while (guess > 0xFFFF_FFFFL || Long.compareUnsigned(guess * low, rest << 32 | next) > 0) {
            guess--;
            rest += high;
            if (rest > 0xFFFF_FFFFL) {
                break;
            }
        }
        return guess;
    }

    private static void signedFlags(Flags flags, Width width, long low, long high) {
        long tooLong = high != width.signExtend(low) >> 63 ? 1 : 0;
        flags.afterMultiply(width, low, tooLong);
    }

    private static CpuFault divideError() {
        return CpuFault.of(ExceptionVector.DIVIDE_ERROR);
    }

    private static long readWide(Cpu cpu, Width width) {
        long a = cpu.regs[Registers.RAX];
        if (width.bits() == 8) {
            return a & 0xFFFF;
        }
        return width.truncate(cpu.regs[Registers.RDX]) << width.bits() | width.truncate(a);
    }

    private static void writeWide(Cpu cpu, Width width, long low, long high) {
        if (width.bits() == 8) {
            Accumulator.write(cpu, Registers.RAX, Width.W16, high << 8 | low);
        } else {
            Accumulator.write(cpu, Registers.RAX, width, low);
            Accumulator.write(cpu, Registers.RDX, width, high);
        }
    }
}
