package dev.carafe.core.isa.x87;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;

/**
 * A function of what is on top of the register stack, from the look for empty registers to the
 * flags: what it computes is stored unless an unmasked exception abandons it.
 */
final class StackFunction {
    private StackFunction() {}

    /** Of ST(0). Sets {@link X87State#resultSignExponent} and returns the significand. */
    @FunctionalInterface
    interface OfOne {
        long of(X87State x, int sign, long value);
    }

    /** Of ST(0) and ST(1), in this order. */
    @FunctionalInterface
    interface OfTwo {
        long of(X87State x, int aSign, long a, int bSign, long b);
    }

    /** The result takes the place of ST(0). */
    static void replaceTop(Cpu cpu, Instruction insn, OfOne function) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        long result =
                x.isEmpty(top)
                        ? underflow(x)
                        : function.of(x, x.signExponent[top], x.significand[top]);
        if (!X87.abandoned(x)) {
            x.set(top, x.resultSignExponent, result);
        }
        X87.end(cpu, insn, x);
    }

    /** The result takes the place of ST(0). */
    static void replaceTop(Cpu cpu, Instruction insn, OfTwo function) {
        X87State x = X87.begin(cpu);
        long result = ofTwo(x, function);
        if (!X87.abandoned(x)) {
            x.set(x.top(), x.resultSignExponent, result);
        }
        X87.end(cpu, insn, x);
    }

    /** The result takes the place of ST(1), and ST(0) is popped. */
    static void intoSecond(Cpu cpu, Instruction insn, OfTwo function) {
        X87State x = X87.begin(cpu);
        long result = ofTwo(x, function);
        if (!X87.abandoned(x)) {
            x.set(x.physical(1), x.resultSignExponent, result);
            X87.pop(x);
        }
        X87.end(cpu, insn, x);
    }

    private static long ofTwo(X87State x, OfTwo function) {
        int top = x.top();
        int other = x.physical(1);
        return x.isEmpty(top) || x.isEmpty(other)
                ? underflow(x)
                : function.of(
                        x,
                        x.signExponent[top],
                        x.significand[top],
                        x.signExponent[other],
                        x.significand[other]);
    }

    private static long underflow(X87State x) {
        X87.stackUnderflow(x);
        return Float80.indefinite(x);
    }
}
