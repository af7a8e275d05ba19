package dev.carafe.core.isa.x87;

import dev.carafe.core.cpu.X87State;

/** FPATAN: the angle of a point (SDM Vol. 2, FPATAN, the table of its results). */
final class X87ArcTangent {
    private static final int TINY = -60;

    /** More than the error of a division, and less than what rounding could notice. */
    private static final int LITTLE = -110;

    private X87ArcTangent() {}

    /** The angle of (a, y). */
    static long of(X87State x, int aSign, long a, int ySign, long y) {
        if (X87.abandoned(x)) {
            return 0;
        }
        boolean left = Float80.negative(aSign);
        boolean down = Float80.negative(ySign);
        boolean aInfinite = Float80.isInfinite(aSign, a);
        boolean yInfinite = Float80.isInfinite(ySign, y);
        if (aInfinite && yInfinite) {
            return angle(x, down, left ? Real.PI.minus(Real.PI.scaled(-2)) : Real.PI.scaled(-2));
        }
        if (y == 0 || aInfinite) {
            return left ? angle(x, down, Real.PI) : Float80Arithmetic.zero(x, down);
        }
        if (a == 0 || yInfinite) {
            return angle(x, down, Real.PI.scaled(-1));
        }
        return angle(
                x,
                down,
                finite(Real.of(aSign, a).magnitude(), Real.of(ySign, y).magnitude(), left));
    }

    private static Real finite(Real a, Real y, boolean left) {
        Real first;
        if (y.compareMagnitude(a) <= 0) {
            Real t = y.dividedBy(a);
            first = t.exponent() < TINY ? t.minus(t.scaled(LITTLE)) : RealFunctions.arcTangent(t);
        } else {
            first = Real.PI.scaled(-1).minus(RealFunctions.arcTangent(a.dividedBy(y)));
        }
        return left ? Real.PI.minus(first) : first;
    }

    private static long angle(X87State x, boolean negative, Real value) {
        return (negative ? value.negate() : value).round(x);
    }
}
