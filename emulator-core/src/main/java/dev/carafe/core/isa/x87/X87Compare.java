package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/** Comparison and classification (SDM Vol. 1, "Comparison and Classification Instructions"). */
public final class X87Compare {
    private static final int CONDITION = X87.C0 | X87.C2 | X87.C3;
    private static final int LESS = X87.C0;
    private static final int EQUAL = X87.C3;
    private static final int UNORDERED = CONDITION;

    private X87Compare() {}

    @Semantics({FCOM, FCOMP, FICOM, FICOMP})
    public static void compare(Cpu cpu, Instruction insn) {
        compare(cpu, insn, false, insn.operation() == FCOMP || insn.operation() == FICOMP ? 1 : 0);
    }

    @Semantics({FUCOM, FUCOMP})
    public static void compareUnordered(Cpu cpu, Instruction insn) {
        compare(cpu, insn, true, insn.operation() == FUCOMP ? 1 : 0);
    }

    @Semantics({FCOMPP, FUCOMPP})
    public static void compareAndPopBoth(Cpu cpu, Instruction insn) {
        compare(cpu, insn, insn.operation() == FUCOMPP, 2);
    }

    private static void compare(Cpu cpu, Instruction insn, boolean quiet, int pops) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        int condition;
        if (insn.memory()) {
            long source = MemoryOperand.load(cpu, insn, x);
            condition = ordered(x, x.isEmpty(top), quiet, x.resultSignExponent, source);
        } else {
            int i = pops == 2 ? 1 : X87.index(insn);
            int other = x.physical(i);
            boolean empty = x.isEmpty(top) || x.isEmpty(other);
            condition = ordered(x, empty, quiet, x.signExponent[other], x.significand[other]);
        }
        x.statusWord = x.statusWord & ~CONDITION | condition;
        if (!X87.abandoned(x)) {
            popTimes(x, pops);
        }
        X87.end(cpu, insn, x);
    }

    private static void popTimes(X87State x, int pops) {
        for (int i = 0; i < pops; i++) {
            X87.pop(x);
        }
    }

    @Semantics({FCOMI, FCOMIP, FUCOMI, FUCOMIP})
    public static void compareToFlags(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int other = x.physical(X87.index(insn));
        boolean empty = x.isEmpty(x.top()) || x.isEmpty(other);
        boolean quiet = insn.operation() == FUCOMI || insn.operation() == FUCOMIP;
        int condition = ordered(x, empty, quiet, x.signExponent[other], x.significand[other]);
        // C0, C2 and C3 stand where SAHF finds CF, PF and ZF.
        cpu.flags.set(condition >>> 8 & (Flags.CF | Flags.PF | Flags.ZF));
        boolean pops = insn.operation() == FCOMIP || insn.operation() == FUCOMIP;
        if (pops && !X87.abandoned(x)) {
            X87.pop(x);
        }
        x.roundedUp = !empty && (x.statusWord & X87.C1) != 0; // C1 stays
        X87.end(cpu, insn, x);
    }

    @Semantics(FTST)
    public static void test(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int condition = ordered(x, x.isEmpty(x.top()), false, 0, 0);
        x.statusWord = x.statusWord & ~CONDITION | condition;
        X87.end(cpu, insn, x);
    }

    /** ST(0) against a number, as C0, C2 and C3. */
    private static int ordered(X87State x, boolean empty, boolean quiet, int bSign, long b) {
        if (empty) {
            x.raised = 0;
            X87.stackUnderflow(x);
            return UNORDERED;
        }
        int top = x.top();
        int aSign = x.signExponent[top];
        long a = x.significand[top];
        if (Float80Arithmetic.isSpecial(x, aSign, a, bSign, b)) {
            boolean invalid =
                    !quiet
                            || Float80.isUnsupported(aSign, a)
                            || Float80.isUnsupported(bSign, b)
                            || Float80.isSignaling(aSign, a)
                            || Float80.isSignaling(bSign, b);
            x.raised = invalid ? X87.INVALID : 0;
            return UNORDERED;
        }
        if (a == 0 && b == 0) {
            return EQUAL;
        }
        boolean negative = Float80.negative(aSign);
        if (a == 0 || b == 0 || Float80.negative(bSign) != negative) {
            return (a == 0 ? !Float80.negative(bSign) : negative) ? LESS : 0;
        }
        int magnitudes = compareMagnitudes(aSign, a, bSign, b);
        return magnitudes == 0 ? EQUAL : magnitudes < 0 != negative ? LESS : 0;
    }

    private static int compareMagnitudes(int aSign, long a, int bSign, long b) {
        int aExponent = Math.max(1, Float80.exponent(aSign));
        int bExponent = Math.max(1, Float80.exponent(bSign));
        return aExponent != bExponent
                ? Integer.compare(aExponent, bExponent)
                : Long.compareUnsigned(a, b);
    }

    /** SDM Vol. 2, FXAM: class in C3, C2, C0; sign in C1, of an empty register too. */
    @Semantics(FXAM)
    public static void examine(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        int signExponent = x.signExponent[top];
        long value = x.significand[top];
        int condition;
        if (x.isEmpty(top)) {
            condition = X87.C3 | X87.C0;
        } else if (Float80.isUnsupported(signExponent, value)) {
            condition = 0;
        } else if (Float80.isNan(signExponent, value)) {
            condition = X87.C0;
        } else if (Float80.isInfinite(signExponent, value)) {
            condition = X87.C2 | X87.C0;
        } else if (value == 0) {
            condition = X87.C3;
        } else if (Float80.isDenormal(signExponent, value)) {
            condition = X87.C3 | X87.C2;
        } else {
            condition = X87.C2;
        }
        x.statusWord = x.statusWord & ~CONDITION | condition;
        x.roundedUp = Float80.negative(signExponent);
        X87.end(cpu, insn, x);
    }
}
