package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.Semantics;

/** Basic arithmetic (SDM Vol. 1, "Basic Arithmetic Instructions"). */
public final class X87Arithmetic {
    private X87Arithmetic() {}

    /** One of the two-operand operations, on destination and source. */
    private interface Dyadic {
        long of(X87State x, int aSign, long a, int bSign, long b);
    }

    private static final Dyadic SUM = Float80Arithmetic::add;
    private static final Dyadic DIFFERENCE = Float80Arithmetic::subtract;
    private static final Dyadic REVERSE_DIFFERENCE =
            (x, aSign, a, bSign, b) -> Float80Arithmetic.subtract(x, bSign, b, aSign, a);
    private static final Dyadic PRODUCT = Float80Arithmetic::multiply;
    private static final Dyadic QUOTIENT = Float80Arithmetic::divide;
    private static final Dyadic REVERSE_QUOTIENT =
            (x, aSign, a, bSign, b) -> Float80Arithmetic.divide(x, bSign, b, aSign, a);

    @Semantics({FADD, FIADD, FADDP})
    public static void add(Cpu cpu, Instruction insn) {
        apply(cpu, insn, SUM);
    }

    @Semantics({FSUB, FISUB, FSUBP})
    public static void subtract(Cpu cpu, Instruction insn) {
        apply(cpu, insn, DIFFERENCE);
    }

    @Semantics({FSUBR, FISUBR, FSUBRP})
    public static void subtractReverse(Cpu cpu, Instruction insn) {
        apply(cpu, insn, REVERSE_DIFFERENCE);
    }

    @Semantics({FMUL, FIMUL, FMULP})
    public static void multiply(Cpu cpu, Instruction insn) {
        apply(cpu, insn, PRODUCT);
    }

    @Semantics({FDIV, FIDIV, FDIVP})
    public static void divide(Cpu cpu, Instruction insn) {
        apply(cpu, insn, QUOTIENT);
    }

    @Semantics({FDIVR, FIDIVR, FDIVRP})
    public static void divideReverse(Cpu cpu, Instruction insn) {
        apply(cpu, insn, REVERSE_QUOTIENT);
    }

    private static void apply(Cpu cpu, Instruction insn, Dyadic operation) {
        X87State x = X87.begin(cpu);
        if (insn.memory()) {
            long source = MemoryOperand.load(cpu, insn, x);
            int sourceSign = x.resultSignExponent;
            into(x, 0, X87.emptyAt(x, 0), operation, sourceSign, source);
        } else {
            int i = X87.index(insn);
            boolean toTop = insn.encoding().operands().getFirst().kind() == Operand.Kind.ST_0;
            int source = x.physical(toTop ? i : 0);
            boolean empty = X87.emptyAt(x, 0) || X87.emptyAt(x, i);
            into(x, toTop ? 0 : i, empty, operation, x.signExponent[source], x.significand[source]);
            if (pops(insn.operation()) && !X87.abandoned(x)) {
                X87.pop(x);
            }
        }
        X87.end(cpu, insn, x);
    }

    private static void into(
            X87State x,
            int destination,
            boolean empty,
            Dyadic operation,
            int sourceSign,
            long source) {
        int register = x.physical(destination);
        long result;
        if (empty) {
            x.raised = 0; // of the source
            X87.stackUnderflow(x);
            result = Float80.indefinite(x);
        } else {
            result =
                    operation.of(
                            x,
                            x.signExponent[register],
                            x.significand[register],
                            sourceSign,
                            source);
        }
        if (!X87.abandoned(x)) {
            x.set(register, x.resultSignExponent, result);
        }
    }

    private static boolean pops(Operation operation) {
        return switch (operation) {
            case FADDP, FSUBP, FSUBRP, FMULP, FDIVP, FDIVRP -> true;
            default -> false;
        };
    }

    @Semantics(FSQRT)
    public static void squareRoot(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        long result;
        if (x.isEmpty(top)) {
            X87.stackUnderflow(x);
            result = Float80.indefinite(x);
        } else {
            result = Float80Arithmetic.squareRoot(x, x.signExponent[top], x.significand[top]);
        }
        if (!X87.abandoned(x)) {
            x.set(top, x.resultSignExponent, result);
        }
        X87.end(cpu, insn, x);
    }

    @Semantics({FABS, FCHS})
    public static void changeSign(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        if (!x.isEmpty(top)) {
            int old = x.signExponent[top];
            x.signExponent[top] =
                    insn.operation() == FABS ? old & ~Float80.SIGN : old ^ Float80.SIGN;
        } else {
            X87.stackUnderflow(x);
            if (!X87.abandoned(x)) {
                x.set(top, Float80.INDEFINITE_SIGN_EXPONENT, Float80.INDEFINITE);
            }
        }
        X87.end(cpu, insn, x);
    }
}
