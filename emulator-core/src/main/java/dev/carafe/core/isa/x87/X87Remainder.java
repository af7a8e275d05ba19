package dev.carafe.core.isa.x87;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.X87State;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/**
 * Partial remainders (SDM Vol. 2, FPREM, FPREM1), always exact. Exponents 64 or more apart are
 * brought nearer by 32 to 63, as AMD's processors do.
 */
public final class X87Remainder {
    private static final int COMPLETE_BELOW = 64;
    private static final int PARTIAL_STEPS = 32;

    private X87Remainder() {}

    @Semantics({FPREM, FPREM1})
    public static void remainder(Cpu cpu, Instruction insn) {
        X87State x = X87.begin(cpu);
        int top = x.top();
        int other = x.physical(1);
        x.statusWord &= ~X87.C2;
        long result;
        if (x.isEmpty(top) || x.isEmpty(other)) {
            X87.stackUnderflow(x);
            result = Float80.indefinite(x);
        } else {
            result =
                    of(
                            x,
                            insn.operation() == FPREM1,
                            x.signExponent[top],
                            x.significand[top],
                            x.signExponent[other],
                            x.significand[other]);
        }
        if (!X87.abandoned(x)) {
            x.set(top, x.resultSignExponent, result);
        }
        X87.end(cpu, insn, x);
    }

    private static long of(X87State x, boolean nearest, int aSign, long a, int bSign, long b) {
        if (Float80Arithmetic.isSpecial(x, aSign, a, bSign, b)) {
            return Float80Arithmetic.special(x, aSign, a, bSign, b);
        }
        if (Float80.isInfinite(aSign, a) || b == 0) {
            x.raised = 0;
            return Float80Arithmetic.invalid(x);
        }
        if (X87.abandoned(x)) {
            return 0;
        }
        quotient(x, 0);
        if (a == 0) {
            x.resultSignExponent = aSign;
            return a;
        }
        boolean negative = Float80.negative(aSign);
        int exponent = Float80.normalExponent(aSign, a);
        long bits = Float80.normalSignificand(a);
        if (Float80.isInfinite(bSign, b)) {
            return Float80Rounder.roundFull(x, negative, exponent, bits, 0);
        }
        int bExponent = Float80.normalExponent(bSign, b);
        long divisor = Float80.normalSignificand(b);
        int distance = exponent - bExponent;
        if (distance < -1 || distance == -1 && !nearest) {
            return Float80Rounder.roundFull(x, negative, exponent, bits, 0);
        }
        if (distance == -1) {
            return belowDivisor(x, negative, bExponent, bits, divisor);
        }
        if (distance >= COMPLETE_BELOW) {
            int steps = distance & PARTIAL_STEPS - 1 | PARTIAL_STEPS;
            x.statusWord |= X87.C2;
            return reduce(x, negative, false, steps, bExponent + distance - steps, bits, divisor);
        }
        return reduce(x, negative, nearest, distance, bExponent, bits, divisor);
    }

    /** FPREM1 of half the divisor up to the divisor: the quotient is 0 or 1. */
    private static long belowDivisor(
            X87State x, boolean negative, int exponent, long a, long divisor) {
        if (Long.compareUnsigned(a, divisor) <= 0) {
            return Float80Rounder.roundFull(x, negative, exponent - 1, a, 0);
        }
        quotient(x, 1);
        // divisor − a ÷ 2, with one more bit
        long twice = (divisor << 1) - a;
        return settled(x, !negative, exponent - 1, twice);
    }

    /** Long division of {@code a × 2^steps}; the remainder has the exponent given. */
    private static long reduce(
            X87State x,
            boolean negative,
            boolean nearest,
            int steps,
            int exponent,
            long a,
            long divisor) {
        long rest = a;
        long quotient = 0;
        boolean carry = false;
        for (int i = steps; ; i--) {
            quotient <<= 1;
            if (carry || Long.compareUnsigned(rest, divisor) >= 0) {
                rest -= divisor;
                quotient |= 1;
            }
            if (i == 0) {
                break;
            }
            carry = rest < 0;
            rest <<= 1;
        }
        boolean sign = negative;
        if (nearest && beyondHalf(rest, divisor, quotient)) {
            rest = divisor - rest;
            quotient++;
            sign = !sign;
        }
        if ((x.statusWord & X87.C2) == 0) {
            quotient(x, quotient);
        }
        return rest == 0 ? Float80Arithmetic.zero(x, negative) : settled(x, sign, exponent, rest);
    }

    private static boolean beyondHalf(long rest, long divisor, long quotient) {
        int order = Long.compareUnsigned(rest, divisor - rest);
        return order > 0 || order == 0 && (quotient & 1) != 0;
    }

    private static long settled(X87State x, boolean negative, int exponent, long value) {
        int zeros = Long.numberOfLeadingZeros(value);
        return Float80Rounder.roundFull(x, negative, exponent - zeros, value << zeros, 0);
    }

    /** The quotient's low bits: bit 2 in C0, bit 1 in C3, bit 0 in C1. */
    private static void quotient(X87State x, long quotient) {
        x.statusWord =
                x.statusWord & ~(X87.C0 | X87.C3)
                        | ((quotient & 4) != 0 ? X87.C0 : 0)
                        | ((quotient & 2) != 0 ? X87.C3 : 0);
        x.roundedUp = (quotient & 1) != 0;
    }
}
