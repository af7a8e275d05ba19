package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/** FRNDINT, FSCALE and FXTRACT (SDM Vol. 1, "Basic Arithmetic Instructions"). */
public final class X87Scaling {
    /** Beyond every distance between two exponents. */
    private static final int FAR = 0x1_0000;

    private X87Scaling() {}

    @Semantics(FRNDINT)
    public static void roundToInteger(Cpu cpu, Instruction insn) {
        StackFunction.replaceTop(cpu, insn, X87Scaling::integral);
    }

    private static long integral(X87State x, int sign, long value) {
        if (Float80Arithmetic.isSpecial(x, sign, value, sign, value)) {
            return Float80Arithmetic.special(x, sign, value, sign, value);
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        x.resultSignExponent = sign;
        if (value == 0 || Float80.exponent(sign) >= Float80.BIAS + Long.SIZE - 1) {
            return value;
        }
        long magnitude = Float80Rounder.toInteger(x, sign, value, false);
        if (magnitude == 0) {
            return Float80Arithmetic.zero(x, Float80.negative(sign));
        }
        int zeros = Long.numberOfLeadingZeros(magnitude);
        x.resultSignExponent = sign & Float80.SIGN | Float80.BIAS + Long.SIZE - 1 - zeros;
        return magnitude << zeros;
    }

    @Semantics(FSCALE)
    public static void scale(Cpu cpu, Instruction insn) {
        StackFunction.replaceTop(cpu, insn, X87Scaling::scaled);
    }

    private static long scaled(X87State x, int aSign, long a, int bSign, long b) {
        if (Float80Arithmetic.isSpecial(x, aSign, a, bSign, b)) {
            return Float80Arithmetic.special(x, aSign, a, bSign, b);
        }
        boolean negative = Float80.negative(aSign);
        boolean down = Float80.negative(bSign);
        boolean aInfinite = Float80.isInfinite(aSign, a);
        if (Float80.isInfinite(bSign, b)) {
            if (down ? aInfinite : a == 0) {
                return Float80Arithmetic.invalid(x);
            }
            if (X87.abandoned(x)) {
                return 0;
            }
            return down
                    ? Float80Arithmetic.zero(x, negative)
                    : Float80Arithmetic.infinity(x, negative);
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        x.resultSignExponent = aSign;
        if (a == 0 || aInfinite) {
            return a;
        }
        return Float80Rounder.roundFull(
                x,
                negative,
                Float80.normalExponent(aSign, a) + power(bSign, b),
                Float80.normalSignificand(a),
                0);
    }

    /** A finite number cut to an integer, within reason. */
    private static int power(int sign, long value) {
        int exponent = Float80.exponent(sign) - Float80.BIAS;
        if (exponent < 0) {
            return 0;
        }
        int magnitude = exponent > 15 ? FAR : (int) (value >>> 63 - exponent);
        return Float80.negative(sign) ? -magnitude : magnitude;
    }

    @Semantics(FXTRACT)
    public static void extract(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        if (x.isEmpty(top) || !X87.emptyAt(x, -1)) {
            if (x.isEmpty(top)) {
                X87.stackUnderflow(x);
            } else {
                X87.stackOverflow(x);
            }
            if (!X87.abandoned(x)) {
                x.set(top, Float80.INDEFINITE_SIGN_EXPONENT, Float80.INDEFINITE);
                X87.push(x, Float80.INDEFINITE_SIGN_EXPONENT, Float80.INDEFINITE);
            }
        } else {
            takeApart(x, top, x.signExponent[top], x.significand[top]);
        }
        X87.end(cpu, insn, x);
    }

    private static void takeApart(X87State x, int top, int sign, long value) {
        if (Float80Arithmetic.isSpecial(x, sign, value, sign, value)) {
            long nan = Float80Arithmetic.special(x, sign, value, sign, value);
            replace(x, top, x.resultSignExponent, nan, x.resultSignExponent, nan);
            return;
        }
        if (value == 0) {
            x.raised |= X87.ZERO_DIVIDE;
            int infinity = Float80.SIGN | Float80.MAX_EXPONENT;
            replace(x, top, infinity, Float80.INTEGER_BIT, sign, value);
        } else if (Float80.isInfinite(sign, value)) {
            replace(x, top, Float80.MAX_EXPONENT, Float80.INTEGER_BIT, sign, value);
        } else {
            long exponent =
                    Float80.fromInteger(x, Float80.normalExponent(sign, value) - Float80.BIAS);
            replace(
                    x,
                    top,
                    x.resultSignExponent,
                    exponent,
                    sign & Float80.SIGN | Float80.BIAS,
                    Float80.normalSignificand(value));
        }
    }

    private static void replace(
            X87State x, int top, int exponentSign, long exponent, int sign, long significand) {
        if (!X87.abandoned(x)) {
            x.set(top, exponentSign, exponent);
            X87.push(x, sign, significand);
        }
    }
}
