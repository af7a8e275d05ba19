package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.Semantics;

/**
 * FYL2X, FYL2XP1, FPATAN and F2XM1 (SDM Vol. 1, "Logarithmic, Exponential, and Scale", and Vol. 2).
 */
public final class X87Logarithm {
    private static final int NEAR_ZERO = Float80.BIAS - 2; // below one half

    private X87Logarithm() {}

    @Semantics({FYL2X, FYL2XP1, FPATAN})
    public static void intoSecond(Cpu cpu, Instruction insn) {
        StackFunction.intoSecond(
                cpu, insn, (x, aSign, a, ySign, y) -> of(x, insn.operation(), aSign, a, ySign, y));
    }

    private static long of(X87State x, Operation operation, int aSign, long a, int ySign, long y) {
        if (Float80Arithmetic.isSpecial(x, aSign, a, ySign, y)) {
            return Float80Arithmetic.special(x, aSign, a, ySign, y);
        }
        return switch (operation) {
            case FYL2X -> logarithm(x, aSign, a, ySign, y);
            case FYL2XP1 -> logarithmOfOnePlus(x, aSign, a, ySign, y);
            default -> X87ArcTangent.of(x, aSign, a, ySign, y);
        };
    }

    private static long logarithm(X87State x, int aSign, long a, int ySign, long y) {
        boolean yNegative = Float80.negative(ySign);
        boolean yInfinite = Float80.isInfinite(ySign, y);
        boolean one = aSign == Float80.BIAS && a == Float80.INTEGER_BIT;
        boolean invalid =
                a == 0 && y == 0
                        || a != 0 && Float80.negative(aSign)
                        || one && yInfinite
                        || Float80.isInfinite(aSign, a) && y == 0;
        if (invalid) {
            x.raised = 0;
            return Float80Arithmetic.invalid(x);
        }
        if (a == 0 && !yInfinite) {
            x.raised = X87.ZERO_DIVIDE;
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        boolean below = a == 0 || Float80.exponent(aSign) < Float80.BIAS;
        if (a == 0 || yInfinite || Float80.isInfinite(aSign, a)) {
            return Float80Arithmetic.infinity(x, yNegative != below);
        }
        if (one || y == 0) {
            return Float80Arithmetic.zero(x, yNegative != below);
        }
        Real log = RealFunctions.binaryLogarithm(Real.of(aSign, a));
        Real result = log.times(Real.of(ySign, y));
        return Float80.normalSignificand(a) == Float80.INTEGER_BIT
                ? result.roundExact(x)
                : result.round(x);
    }

    private static long logarithmOfOnePlus(X87State x, int aSign, long a, int ySign, long y) {
        boolean negative = Float80.negative(aSign);
        boolean sign = negative != Float80.negative(ySign);
        boolean infinite = Float80.isInfinite(aSign, a);
        boolean yInfinite = Float80.isInfinite(ySign, y);
        if (a == 0 && yInfinite || infinite && (negative || y == 0)) {
            x.raised = 0;
            return Float80Arithmetic.invalid(x);
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        if (infinite || yInfinite) {
            return Float80Arithmetic.infinity(x, sign);
        }
        if (a == 0 || y == 0) {
            return Float80Arithmetic.zero(x, sign);
        }
        int exponent = Float80.normalExponent(aSign, a);
        if (negative && exponent >= Float80.BIAS) {
            x.raised |= X87.PRECISION; // not above -1, where there is no logarithm
            x.resultSignExponent = aSign;
            return a;
        }
        Real r = Real.of(aSign, a);
        Real log =
                exponent < NEAR_ZERO
                        ? RealFunctions.binaryLogarithmOfOnePlus(r)
                        : RealFunctions.binaryLogarithm(Real.ONE.plus(r));
        return log.times(Real.of(ySign, y)).round(x);
    }

    @Semantics(F2XM1)
    public static void powerOfTwo(Cpu cpu, Instruction insn) {
        StackFunction.replaceTop(cpu, insn, X87Logarithm::power);
    }

    /** Beyond ±1 the result is undefined; the operand stays, as on AMD's processors. */
    private static long power(X87State x, int sign, long value) {
        if (Float80Arithmetic.isSpecial(x, sign, value, sign, value)) {
            return Float80Arithmetic.special(x, sign, value, sign, value);
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        x.resultSignExponent = sign;
        if (value == 0) {
            return 0;
        }
        if (Float80.isInfinite(sign, value)) {
            x.resultSignExponent = Float80.negative(sign) ? Float80.SIGN | Float80.BIAS : sign;
            return value;
        }
        if (Float80.exponent(sign) >= Float80.BIAS) {
            x.raised |= X87.PRECISION;
            boolean one = Float80.exponent(sign) == Float80.BIAS && value == Float80.INTEGER_BIT;
            if (one && Float80.negative(sign)) {
                x.resultSignExponent = sign - 1; // -0.5
            }
            x.roundedUp = one && !Float80.negative(sign);
            return value;
        }
        return RealFunctions.powerOfTwoLessOne(Real.of(sign, value)).round(x);
    }
}
