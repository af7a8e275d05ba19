package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;
import dev.carafe.core.isa.Semantics;

/**
 * FSIN, FCOS, FSINCOS and FPTAN (SDM Vol. 1, "Trigonometric Instructions", "Approximation of Pi"):
 * the argument is reduced, exactly, by a π of 66 bits.
 */
public final class X87Trigonometry {
    private static final int TOO_LARGE = Float80.BIAS + 63;
    private static final int UNREDUCED_BELOW = Float80.BIAS - 1; // 0.5
    private static final int TINY = Float80.BIAS - 60;

    /** π ÷ 2 in units of 2^-65. */
    private static final long PI_HIGH = 0x3;

    private static final long PI_LOW = 0x243F6A8885A308D3L;
    private static final int UNIT = 65;

    /** The weight of the first of 128 bits of an integer. */
    private static final int INTEGER = 127;

    private static final Real HALF_PI = Real.normal(false, INTEGER, PI_HIGH, PI_LOW).scaled(-UNIT);

    private X87Trigonometry() {}

    @Semantics({FSIN, FCOS})
    public static void sineOrCosine(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        x.statusWord &= ~X87.C2;
        if (x.isEmpty(top)) {
            X87.stackUnderflow(x);
            if (!X87.abandoned(x)) {
                x.set(top, Float80.INDEFINITE_SIGN_EXPONENT, Float80.INDEFINITE);
            }
        } else if (outOfRange(x, top)) {
            x.statusWord |= X87.C2;
        } else {
            long result = function(x, insn.operation(), x.signExponent[top], x.significand[top]);
            if (!X87.abandoned(x)) {
                x.set(top, x.resultSignExponent, result);
            }
        }
        X87.end(cpu, insn, x);
    }

    @Semantics({FSINCOS, FPTAN})
    public static void two(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        x.statusWord &= ~X87.C2;
        if (x.isEmpty(top) || !X87.emptyAt(x, -1)) {
            if (x.isEmpty(top)) {
                X87.stackUnderflow(x);
            } else {
                X87.stackOverflow(x);
            }
            replace(x, top, Float80.indefinite(x), Float80.indefinite(x));
        } else if (outOfRange(x, top)) {
            x.statusWord |= X87.C2;
        } else {
            both(x, top, insn.operation());
        }
        X87.end(cpu, insn, x);
    }

    private static boolean outOfRange(X87State x, int top) {
        int sign = x.signExponent[top];
        return Float80.exponent(sign) >= TOO_LARGE && Float80.isNormal(sign, x.significand[top]);
    }

    private static void both(X87State x, int top, Operation operation) {
        int sign = x.signExponent[top];
        long value = x.significand[top];
        boolean tangent = operation == FPTAN;
        long first = function(x, tangent ? FPTAN : FSIN, sign, value);
        boolean settled = Float80.exponent(x.resultSignExponent) == Float80.MAX_EXPONENT;
        if (settled) {
            replace(x, top, first, first);
            return;
        }
        int firstSign = x.resultSignExponent;
        long second = Float80.INTEGER_BIT;
        int secondSign = Float80.BIAS;
        if (!tangent && !X87.abandoned(x)) {
            boolean up = x.roundedUp;
            second = function(x, FCOS, sign, value);
            secondSign = x.resultSignExponent;
            x.roundedUp = up; // C1 tells of the sine
        }
        if (!X87.abandoned(x)) {
            x.set(top, firstSign, first);
            X87.push(x, secondSign, second);
        }
    }

    private static void replace(X87State x, int top, long first, long second) {
        if (!X87.abandoned(x)) {
            x.set(top, x.resultSignExponent, first);
            X87.push(x, x.resultSignExponent, second);
        }
    }

    private static long function(X87State x, Operation operation, int sign, long value) {
        if (Float80Arithmetic.isSpecial(x, sign, value, sign, value)) {
            return Float80Arithmetic.special(x, sign, value, sign, value);
        }
        if (Float80.isInfinite(sign, value)) {
            return Float80Arithmetic.invalid(x);
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        if (value == 0) {
            x.resultSignExponent = operation == FCOS ? Float80.BIAS : sign;
            return operation == FCOS ? Float80.INTEGER_BIT : 0;
        }
        if (Float80.normalExponent(sign, value) < TINY) {
            return tiny(x, operation, sign, value);
        }
        return reduced(x, operation, sign, value);
    }

    /** Nearer to its limit than 128 bits can tell. */
    private static long tiny(X87State x, Operation operation, int sign, long value) {
        boolean negative = Float80.negative(sign);
        int exponent = Float80.normalExponent(sign, value);
        long bits = Float80.normalSignificand(value);
        if (operation == FPTAN) {
            return Float80Rounder.roundFull(x, negative, exponent, bits, 1);
        }
        if (operation == FCOS) {
            return Float80Rounder.roundFull(x, false, Float80.BIAS - 1, -1L, -1L);
        }
        return bits == Float80.INTEGER_BIT
                ? Float80Rounder.roundFull(x, negative, exponent - 1, -1L, -1L)
                : Float80Rounder.roundFull(x, negative, exponent, bits - 1, -1L);
    }

    private static long reduced(X87State x, Operation operation, int sign, long value) {
        boolean negative = Float80.negative(sign);
        int exponent = Float80.normalExponent(sign, value);
        Real r = Real.of(sign, value).magnitude();
        int quadrant = 0;
        if (exponent >= UNREDUCED_BELOW) {
            // In units of 2^-65, in which π ÷ 2 is the 66 bits of PI.
            int shift = exponent - Float80.BIAS + 2;
            long high = 0;
            long low = Float80.normalSignificand(value);
            for (int i = 0; i < shift; i++) {
                high = high << 1 | low >>> 63;
                low <<= 1;
                quadrant <<= 1;
                if (reaches(high, low)) {
                    high -= PI_HIGH + (Long.compareUnsigned(low, PI_LOW) < 0 ? 1 : 0);
                    low -= PI_LOW;
                    quadrant |= 1;
                }
            }
            r = Real.normal(false, INTEGER, high, low).scaled(-UNIT);
            if (reaches(high << 1 | low >>> 63, low << 1)) {
                quadrant++;
                r = r.minus(HALF_PI);
            }
        }
        return switch (operation) {
            case FSIN -> signed(x, negative, quadrant, r);
            case FCOS -> signed(x, false, quadrant + 1, r);
            default -> tangent(x, negative, quadrant, r);
        };
    }

    private static boolean reaches(long high, long low) {
        return high > PI_HIGH || high == PI_HIGH && Long.compareUnsigned(low, PI_LOW) >= 0;
    }

    /** The sine of quadrant × π ÷ 2 + r. */
    private static long signed(X87State x, boolean negative, int quadrant, Real r) {
        Real value = (quadrant & 1) != 0 ? RealFunctions.cosine(r) : RealFunctions.sine(r);
        boolean flip = negative != ((quadrant & 2) != 0);
        return (flip ? value.negate() : value).round(x);
    }

    private static long tangent(X87State x, boolean negative, int quadrant, Real r) {
        Real sine = RealFunctions.sine(r);
        Real cosine = RealFunctions.cosine(r);
        Real value = (quadrant & 1) != 0 ? cosine.dividedBy(sine).negate() : sine.dividedBy(cosine);
        return (negative ? value.negate() : value).round(x);
    }
}
