package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/** Packed BCD integers of 18 digits (SDM Vol. 1, "Packed BCD Integers"; Vol. 2, FBLD, FBSTP). */
public final class X87Decimal {
    private static final int BYTES = 10;
    private static final int DIGITS_OF_LOW_HALF = 16;
    private static final long LIMIT = 999_999_999_999_999_999L;
    private static final long INDEFINITE_LOW = 0xC000_0000_0000_0000L;
    private static final int INDEFINITE_HIGH = 0xFFFF;

    private X87Decimal() {}

    @Semantics(FBLD)
    public static void load(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        long low = MemoryOperand.extended(cpu, x, Operands.address(cpu, insn, BYTES, false));
        int high = x.resultSignExponent;
        if (!X87.emptyAt(x, -1)) {
            X87Transfer.overflowed(x);
        } else {
            long value = 0;
            for (int i = 1; i >= 0; i--) {
                value = value * 10 + (high >>> 4 * i & 15);
            }
            for (int i = DIGITS_OF_LOW_HALF - 1; i >= 0; i--) {
                value = value * 10 + (low >>> 4 * i & 15);
            }
            long significand = Float80.fromInteger(x, value);
            X87.push(x, x.resultSignExponent | high & Float80.SIGN, significand);
        }
        X87.end(cpu, insn, x);
    }

    @Semantics(FBSTP)
    public static void store(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        long address = MemoryOperand.addressToWrite(cpu, insn);
        int top = x.top();
        int sign = x.signExponent[top];
        long magnitude = magnitude(x, top, sign, x.significand[top]);
        cpu.memory.checkWrite(address, BYTES);
        if (!X87.abandoned(x)) {
            boolean invalid = (x.raised & X87.INVALID) != 0;
            int high =
                    invalid
                            ? INDEFINITE_HIGH
                            : sign & Float80.SIGN
                                    | (int) digits(magnitude / 10_000_000_000_000_000L);
            long low = invalid ? INDEFINITE_LOW : digits(magnitude % 10_000_000_000_000_000L);
            MemoryOperand.storeExtended(cpu, address, high, low);
            X87.pop(x);
        }
        X87.end(cpu, insn, x);
    }

    private static long magnitude(X87State x, int top, int sign, long value) {
        if (x.isEmpty(top)) {
            X87.stackUnderflow(x);
            return 0;
        }
        if (Float80.isUnsupported(sign, value) || Float80.exponent(sign) == Float80.MAX_EXPONENT) {
            x.raised |= X87.INVALID;
            return 0;
        }
        long magnitude = Float80Rounder.toInteger(x, sign, value, false);
        if (Long.compareUnsigned(magnitude, LIMIT) > 0) {
            x.raised = X87.INVALID;
            x.roundedUp = false;
        }
        return magnitude;
    }

    private static long digits(long value) {
        long rest = value;
        long packed = 0;
        for (int i = 0; i < DIGITS_OF_LOW_HALF; i++) {
            packed |= rest % 10 << 4 * i;
            rest /= 10;
        }
        return packed;
    }
}
