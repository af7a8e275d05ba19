package dev.carafe.core.isa.sse;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.Width;

/**
 * Conversions between formats and integers (SDM Vol. 1, "SSE and SSE2 Conversion Instructions").
 */
final class FloatConversion {
    private static final long INDEFINITE_BIT = 1;

    private FloatConversion() {}

    /** From one format to the other; a NaN keeps the upper bits of its payload and is quieted. */
    static long convert(FloatFormat from, FloatFormat to, MxCsr csr, long operand) {
        long a = FloatArithmetic.flushed(from, csr, operand);
        SimdExceptions.raise(csr, FloatArithmetic.denormal(from, a, a));
        return convertAsIs(from, to, csr, a);
    }

    /** The same for formats whose denormals are numbers like any other. */
    static long convertAsIs(FloatFormat from, FloatFormat to, MxCsr csr, long a) {
        long sign = from.negative(a) ? to.sign() : 0;
        if (from.isNan(a)) {
            SimdExceptions.raise(csr, from.isSignaling(a) ? SimdExceptions.INVALID : 0);
            int wider = to.fraction() - from.fraction();
            long payload = wider > 0 ? from.magnitude(a) << wider : from.magnitude(a) >>> -wider;
            return sign | to.infinity() | to.quietBit() | payload & to.quietBit() - 1;
        }
        if (from.isInfinite(a)) {
            return sign | to.infinity();
        }
        if (from.isZero(a)) {
            return sign;
        }
        return Rounder.round(to, csr, sign != 0, from.scale(a), from.significand(a));
    }

    static long fromInteger(FloatFormat to, MxCsr csr, long value) {
        return value == 0 ? 0 : Rounder.round(to, csr, value < 0, 0, Math.abs(value));
    }

    /**
     * To a signed integer, 32 or 64 bits; what does not fit becomes the integer indefinite, its top
     * bit alone.
     *
     * @param truncate the CVTT forms: towards zero whatever MXCSR says
     */
    static long toInteger(
            FloatFormat from, MxCsr csr, Width width, boolean truncate, long operand) {
        long a = FloatArithmetic.flushed(from, csr, operand);
        if (from.isNan(a) || from.isInfinite(a)) {
            return indefinite(csr, width);
        }
        if (from.isZero(a)) {
            return 0;
        }
        boolean negative = from.negative(a);
        long significand = from.significand(a);
        int scale = from.scale(a);
        if (scale > 63 - from.fraction()) {
            return indefinite(csr, width); // 2^64 and above
        }
        long kept = scale >= 0 ? significand << scale : -scale > 63 ? 0 : significand >>> -scale;
        long lost = lost(significand, -scale);
        if (!truncate && Rounder.roundsUp(csr.rounding(), negative, kept, lost)) {
            kept++;
        }
        long limit = (1L << (width.bits() - 1)) - (negative ? 0 : 1);
        if (Long.compareUnsigned(kept, limit) > 0) {
            return indefinite(csr, width);
        }
        SimdExceptions.raise(csr, lost != 0 ? SimdExceptions.PRECISION : 0);
        return width.truncate(negative ? -kept : kept);
    }

    /**
     * To an integral value of the same format. No denormal exception.
     *
     * @param control bits 1:0 the rounding mode unless bit 2 says MXCSR's; bit 3 keeps PE from
     *     being set
     */
    static long toIntegral(FloatFormat f, MxCsr csr, long operand, int control) {
        long a = FloatArithmetic.flushed(f, csr, operand);
        if (f.isNan(a)) {
            SimdExceptions.raise(csr, f.isSignaling(a) ? SimdExceptions.INVALID : 0);
            return a | f.quietBit();
        }
        int places = -f.scale(a);
        if (places <= 0 || f.isZero(a)) {
            return a;
        }
        boolean negative = f.negative(a);
        long kept = places > 63 ? 0 : f.significand(a) >>> places;
        long lost = lost(f.significand(a), places);
        int mode = (control & 4) != 0 ? csr.rounding() : control & 3;
        if (Rounder.roundsUp(mode, negative, kept, lost)) {
            kept++;
        }
        SimdExceptions.raise(csr, lost != 0 && (control & 8) == 0 ? SimdExceptions.PRECISION : 0);
        if (kept == 0) {
            return a & f.sign();
        }
        return Rounder.round(f, csr, negative, 0, kept); // exact
    }

    /** The bits below the point as a fraction with one half at bit 63. */
    private static long lost(long significand, int places) {
        if (places <= 0) {
            return 0;
        }
        return places > 63 ? 1 : significand << (64 - places);
    }

    private static long indefinite(MxCsr csr, Width width) {
        SimdExceptions.raise(csr, SimdExceptions.INVALID);
        return INDEFINITE_BIT << (width.bits() - 1);
    }
}
