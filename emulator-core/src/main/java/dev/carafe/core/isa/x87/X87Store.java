package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/**
 * Stores (SDM Vol. 1, "Data Transfer Instructions"). An unmasked exception other than #P leaves
 * memory and the stack alone.
 */
public final class X87Store {
    private static final int PRECISION = X87.PRECISION | X87.STACK_FAULT;
    private static final int EXTENDED = 10;
    private static final int SINGLE_FRACTION = 23;
    private static final int SINGLE_BIAS = 127;
    private static final int DOUBLE_FRACTION = 52;
    private static final int DOUBLE_BIAS = 1023;

    private X87Store() {}

    @Semantics(
            value = {FST, FSTP},
            place = Semantics.Place.MEMORY)
    public static void store(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int size = MemoryOperand.size(insn);
        long address = MemoryOperand.addressToWrite(cpu, insn);
        int top = x.top();
        boolean empty = x.isEmpty(top);
        if (empty) {
            X87.stackUnderflow(x);
        }
        int signExponent = empty ? Float80.INDEFINITE_SIGN_EXPONENT : x.signExponent[top];
        long value = empty ? Float80.INDEFINITE : x.significand[top];
        if (size == EXTENDED) {
            if (prevented(x)) {
                cpu.memory.checkWrite(address, EXTENDED);
            } else {
                MemoryOperand.storeExtended(cpu, address, signExponent, value);
            }
        } else {
            long pattern =
                    size == Float.BYTES
                            ? pattern(x, signExponent, value, SINGLE_FRACTION, SINGLE_BIAS)
                            : pattern(x, signExponent, value, DOUBLE_FRACTION, DOUBLE_BIAS);
            storeUnlessPrevented(cpu, x, address, size, pattern);
        }
        finish(cpu, insn, x, insn.operation() == FSTP);
    }

    /** The destination must be writable also when an unmasked exception keeps it as it is. */
    private static void storeUnlessPrevented(
            Cpu cpu, X87State x, long address, int size, long value) {
        if (prevented(x)) {
            cpu.memory.checkWrite(address, size);
        } else {
            cpu.memory.store(address, size, value);
        }
    }

    private static boolean prevented(X87State x) {
        return (x.raised & ~PRECISION & ~x.controlWord) != 0;
    }

    private static void finish(Cpu cpu, Instruction insn, X87State x, boolean pops) {
        if (pops && !prevented(x)) {
            X87.pop(x);
        }
        X87.end(cpu, insn, x);
    }

    /** The bits of a single or double. */
    private static long pattern(X87State x, int signExponent, long value, int fraction, int bias) {
        long sign = Float80.negative(signExponent) ? bias + 1L << fraction + 1 : 0;
        long infinity = 2L * bias + 1 << fraction;
        if (Float80.isUnsupported(signExponent, value)) {
            x.raised |= X87.INVALID;
            return bias + 1L << fraction + 1 | infinity | 1L << fraction - 1;
        }
        if (Float80.isNan(signExponent, value)) {
            if ((value & Float80.QUIET) == 0) {
                x.raised |= X87.INVALID;
            }
            return sign | infinity | (value | Float80.QUIET) << 1 >>> 64 - fraction;
        }
        if (Float80.isInfinite(signExponent, value)) {
            return sign | infinity;
        }
        if (value == 0) {
            return sign;
        }
        return sign | Float80Rounder.toFormat(x, signExponent, value, fraction, bias);
    }

    @Semantics({FIST, FISTP, FISTTP})
    public static void storeInteger(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int size = MemoryOperand.size(insn);
        long address = MemoryOperand.addressToWrite(cpu, insn);
        long value = integer(x, size, insn.operation() == FISTTP);
        long stored = value & -1L >>> Long.SIZE - Byte.SIZE * size;
        storeUnlessPrevented(cpu, x, address, size, stored);
        finish(cpu, insn, x, insn.operation() != FIST);
    }

    /** ST(0) as a signed integer, or the integer indefinite. */
    private static long integer(X87State x, int size, boolean chopped) {
        int top = x.top();
        long indefinite = Long.MIN_VALUE >> Long.SIZE - Byte.SIZE * size;
        if (x.isEmpty(top)) {
            X87.stackUnderflow(x);
            return indefinite;
        }
        int signExponent = x.signExponent[top];
        long significand = x.significand[top];
        boolean negative = Float80.negative(signExponent);
        if (Float80.isUnsupported(signExponent, significand)
                || Float80.exponent(signExponent) == Float80.MAX_EXPONENT) {
            x.raised |= X87.INVALID;
            return indefinite;
        }
        long magnitude = Float80Rounder.toInteger(x, signExponent, significand, chopped);
        long limit = negative ? -indefinite : -indefinite - 1;
        if (Long.compareUnsigned(magnitude, limit) > 0) {
            x.raised = X87.INVALID;
            x.roundedUp = false;
            return indefinite;
        }
        return negative ? -magnitude : magnitude;
    }
}
