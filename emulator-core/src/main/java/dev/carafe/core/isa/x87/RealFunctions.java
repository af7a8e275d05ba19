package dev.carafe.core.isa.x87;

/**
 * Elementary functions of {@link Real} numbers by power series, each after a reduction that makes
 * the series short. The relative error stays far below half a unit of 64 bits.
 */
final class RealFunctions {
    private static final int FACTORIALS = 36;
    private static final int ODD_TERMS = 26;
    private static final int ARC_STEPS = 32;
    private static final Real[] INVERSE_FACTORIAL = inverseFactorials();
    private static final Real[] INVERSE_ODD = inverseOdd();
    private static final Real[] ARC_TANGENT = arcTangents();

    private RealFunctions() {}

    private static Real[] inverseFactorials() {
        Real[] values = new Real[FACTORIALS];
        values[0] = Real.ONE;
        for (int i = 1; i < FACTORIALS; i++) {
            values[i] = values[i - 1].dividedBy(Real.of(i));
        }
        return values;
    }

    private static Real[] inverseOdd() {
        Real[] values = new Real[ODD_TERMS];
        for (int i = 0; i < ODD_TERMS; i++) {
            values[i] = Real.ONE.dividedBy(Real.of(2 * i + 1));
        }
        return values;
    }

    /** arctan(i ÷ 32), each from the one before. */
    private static Real[] arcTangents() {
        Real[] values = new Real[ARC_STEPS + 1];
        values[0] = Real.ZERO;
        for (int i = 0; i < ARC_STEPS; i++) {
            Real step = Real.of(ARC_STEPS).dividedBy(Real.of(ARC_STEPS * ARC_STEPS + i * (i + 1)));
            values[i + 1] = values[i].plus(arcTangentSeries(step));
        }
        return values;
    }

    /** For |r| ≤ π ÷ 4. */
    static Real sine(Real r) {
        return r.times(alternating(r.times(r), 1));
    }

    /** For |r| ≤ π ÷ 4. */
    static Real cosine(Real r) {
        return alternating(r.times(r), 0);
    }

    /** 1 ÷ first! − square ÷ (first + 2)! + … */
    private static Real alternating(Real square, int first) {
        Real sum = Real.ZERO;
        Real minus = square.negate();
        for (int i = first + 30; i >= first; i -= 2) {
            sum = INVERSE_FACTORIAL[i].plus(sum.times(minus));
        }
        return sum;
    }

    /** 2^r − 1 for |r| < 1. */
    static Real powerOfTwoLessOne(Real r) {
        Real y = r.times(Real.LN_2);
        Real sum = Real.ZERO;
        for (int i = FACTORIALS - 1; i > 0; i--) {
            sum = INVERSE_FACTORIAL[i].plus(sum.times(y));
        }
        return y.times(sum);
    }

    /** log₂ of a positive number. */
    static Real binaryLogarithm(Real value) {
        // The remaining factor lies between √½ and √2.
        boolean upper = Long.compareUnsigned(value.high(), 0xB504F333F9DE6484L) > 0;
        int whole = value.exponent() + (upper ? 1 : 0);
        Real factor = value.scaled(-whole);
        Real part = logarithm(factor.minus(Real.ONE), factor.plus(Real.ONE));
        return Real.of(whole).plus(part);
    }

    /** log₂(1 + r) for |r| below about one half, and small ones as exactly. */
    static Real binaryLogarithmOfOnePlus(Real r) {
        return logarithm(r, Real.TWO.plus(r));
    }

    /** log₂((1 + z) ÷ (1 − z)), where z = numerator ÷ denominator, by the series of artanh z. */
    private static Real logarithm(Real numerator, Real denominator) {
        Real z = numerator.dividedBy(denominator);
        Real square = z.times(z);
        Real sum = Real.ZERO;
        for (int i = ODD_TERMS - 1; i >= 0; i--) {
            sum = INVERSE_ODD[i].plus(sum.times(square));
        }
        return z.scaled(1).times(sum).times(Real.LOG2_E);
    }

    /** For 0 < t ≤ 1. */
    static Real arcTangent(Real t) {
        int step = nearestStep(t);
        if (step == 0) {
            return arcTangentSeries(t);
        }
        Real near = Real.of(step).scaled(-5);
        Real rest = t.minus(near).dividedBy(Real.ONE.plus(t.times(near)));
        return ARC_TANGENT[step].plus(arcTangentSeries(rest));
    }

    /** 32 t, rounded. */
    private static int nearestStep(Real t) {
        int shift = 63 - 5 - 1 - t.exponent();
        return shift > 63 ? 0 : (int) (t.high() >>> shift) + 1 >> 1;
    }

    /** For |t| ≤ 1 ÷ 32. */
    private static Real arcTangentSeries(Real t) {
        Real minus = t.times(t).negate();
        Real sum = Real.ZERO;
        for (int i = 13; i >= 0; i--) {
            sum = INVERSE_ODD[i].plus(sum.times(minus));
        }
        return t.times(sum);
    }
}
