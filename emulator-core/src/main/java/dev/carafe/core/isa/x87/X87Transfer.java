package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.integer.Conditions;

/** Data transfer between registers, and loads (SDM Vol. 1, "Data Transfer Instructions"). */
public final class X87Transfer {
    private static final int EXTENDED = 10;

    private X87Transfer() {}

    @Semantics({FLD, FILD})
    public static void load(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        if (!insn.memory()) {
            loadRegister(x, X87.index(insn));
        } else {
            long value = MemoryOperand.load(cpu, insn, x);
            int signExponent = x.resultSignExponent;
            boolean converted = MemoryOperand.size(insn) != EXTENDED;
            if (!X87.emptyAt(x, -1)) {
                x.raised = 0;
                overflowed(x);
            } else {
                if (converted && Float80.isSignaling(signExponent, value)) {
                    x.raised |= X87.INVALID;
                    value |= Float80.QUIET;
                }
                // Not even an unmasked denormal keeps the value away.
                if ((x.raised & ~x.controlWord & X87.INVALID) == 0) {
                    X87.push(x, signExponent, value);
                }
            }
        }
        X87.end(cpu, insn, x);
    }

    private static void loadRegister(X87State x, int i) {
        int source = x.physical(i);
        if (x.isEmpty(source)) {
            X87.stackUnderflow(x);
            if (!X87.abandoned(x)) {
                X87.push(x, Float80.INDEFINITE_SIGN_EXPONENT, Float80.INDEFINITE);
            }
        } else if (!X87.emptyAt(x, -1)) {
            overflowed(x);
        } else {
            X87.push(x, x.signExponent[source], x.significand[source]);
        }
    }

    /** A push onto a register in use: the masked response is to push the indefinite. */
    static void overflowed(X87State x) {
        X87.stackOverflow(x);
        if (!X87.abandoned(x)) {
            X87.push(x, Float80.INDEFINITE_SIGN_EXPONENT, Float80.INDEFINITE);
        }
    }

    @Semantics(
            value = {FST, FSTP},
            place = Semantics.Place.REGISTER)
    public static void copy(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        int destination = x.physical(X87.index(insn));
        if (x.isEmpty(top)) {
            X87.stackUnderflow(x);
            if (!X87.abandoned(x)) {
                x.set(destination, Float80.INDEFINITE_SIGN_EXPONENT, Float80.INDEFINITE);
            }
        } else {
            x.set(destination, x.signExponent[top], x.significand[top]);
        }
        if (insn.operation() == FSTP && !X87.abandoned(x)) {
            X87.pop(x);
        }
        X87.end(cpu, insn, x);
    }

    /** D9 D8, which the manual does not list: FSTP that takes no notice of an empty register. */
    @Semantics(FSTPNCE)
    public static void moveAndPop(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        if (!x.isEmpty(top)) {
            x.set(x.physical(X87.index(insn)), x.signExponent[top], x.significand[top]);
        }
        X87.pop(x);
        X87.end(cpu, insn, x);
    }

    @Semantics(FXCH)
    public static void exchange(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        int other = x.physical(X87.index(insn));
        if (x.isEmpty(top) || x.isEmpty(other)) {
            X87.stackUnderflow(x);
        }
        if (!X87.abandoned(x)) {
            int topSign = x.isEmpty(top) ? Float80.INDEFINITE_SIGN_EXPONENT : x.signExponent[top];
            long topValue = x.isEmpty(top) ? Float80.INDEFINITE : x.significand[top];
            boolean otherEmpty = x.isEmpty(other);
            x.set(
                    top,
                    otherEmpty ? Float80.INDEFINITE_SIGN_EXPONENT : x.signExponent[other],
                    otherEmpty ? Float80.INDEFINITE : x.significand[other]);
            x.set(other, topSign, topValue);
        }
        X87.end(cpu, insn, x);
    }

    @Semantics({FCMOVB, FCMOVE, FCMOVBE, FCMOVU, FCMOVNB, FCMOVNE, FCMOVNBE, FCMOVNU})
    public static void moveIf(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        int source = x.physical(X87.index(insn));
        if (x.isEmpty(top) || x.isEmpty(source)) {
            X87.stackUnderflow(x);
            if (!X87.abandoned(x)) {
                x.set(top, Float80.INDEFINITE_SIGN_EXPONENT, Float80.INDEFINITE);
            }
        } else {
            x.roundedUp = (x.statusWord & X87.C1) != 0; // C1 stays
            if (holds(cpu, insn.operation())) {
                x.set(top, x.signExponent[source], x.significand[source]);
            }
        }
        X87.end(cpu, insn, x);
    }

    private static boolean holds(Cpu cpu, Operation operation) {
        return switch (operation) {
            case FCMOVB -> Conditions.b(cpu.flags);
            case FCMOVE -> Conditions.e(cpu.flags);
            case FCMOVBE -> Conditions.be(cpu.flags);
            case FCMOVU -> Conditions.p(cpu.flags);
            case FCMOVNB -> Conditions.ae(cpu.flags);
            case FCMOVNE -> Conditions.ne(cpu.flags);
            case FCMOVNBE -> Conditions.a(cpu.flags);
            default -> Conditions.np(cpu.flags);
        };
    }
}
