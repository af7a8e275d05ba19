package dev.carafe.core.isa.sse;

import dev.carafe.core.cpu.MxCsr;

/**
 * Rounds exact results into a format (SDM Vol. 1, "Rounding", "Numeric Overflow Exception",
 * "Numeric Underflow Exception"): all four modes, tininess judged after rounding, flush to zero.
 */
final class Rounder {
    private static final int NEAREST = 0;
    private static final int DOWN = 1;
    private static final int UP = 2;

    private Rounder() {}

    /**
     * Rounds ±{@code significand} × 2^{@code scale}.
     *
     * @param significand unsigned, not 0; if bits were lost below it, bit 0 is set for them
     */
    static long round(
            FloatFormat format, MxCsr csr, boolean negative, int scale, long significand) {
        int zeros = Long.numberOfLeadingZeros(significand);
        long bits = significand << zeros;
        int exponent = scale - zeros + 63; // the value is 1.xxx × 2^exponent
        int minimum = format.minExponent();
        int drop = 63 - format.fraction();
        boolean tiny =
                exponent < minimum
                        && !(exponent == minimum - 1 && carries(csr, negative, bits, drop));
        if (tiny && !SimdExceptions.masked(csr, SimdExceptions.UNDERFLOW)) {
            return unmasked(csr, SimdExceptions.UNDERFLOW, lost(bits, drop) != 0);
        }
        if (tiny && (csr.get() & MxCsr.FTZ) != 0) {
            SimdExceptions.raise(csr, SimdExceptions.UNDERFLOW | SimdExceptions.PRECISION);
            return negative ? format.sign() : 0;
        }
        drop += Math.max(0, minimum - exponent);
        long kept = drop > 63 ? 0 : bits >>> drop;
        long lost = lost(bits, drop);
        if (roundsUp(csr.rounding(), negative, kept, lost)) {
            kept++;
        }
        // The hidden bit in kept is worth one exponent step, and so is a carry out of rounding.
        long magnitude = ((long) Math.max(0, exponent - minimum) << format.fraction()) + kept;
        return finish(format, csr, negative, magnitude, exponent, tiny, lost != 0);
    }

    private static long finish(
            FloatFormat format,
            MxCsr csr,
            boolean negative,
            long magnitude,
            int exponent,
            boolean tiny,
            boolean inexact) {
        long sign = negative ? format.sign() : 0;
        boolean huge = exponent >= 2 - format.minExponent() || magnitude >= format.infinity();
        if (huge && !SimdExceptions.masked(csr, SimdExceptions.OVERFLOW)) {
            return unmasked(csr, SimdExceptions.OVERFLOW, inexact);
        }
        if (huge) {
            SimdExceptions.raise(csr, SimdExceptions.OVERFLOW | SimdExceptions.PRECISION);
            boolean infinite =
                    csr.rounding() == NEAREST || csr.rounding() == (negative ? DOWN : UP);
            return sign | (infinite ? format.infinity() : format.infinity() - 1);
        }
        int exceptions = inexact ? SimdExceptions.PRECISION : 0;
        if (tiny && inexact) {
            exceptions |= SimdExceptions.UNDERFLOW;
        }
        SimdExceptions.raise(csr, exceptions);
        return sign | magnitude;
    }

    /**
     * No result will be written. It counts as inexact if it would be with an exponent of any size.
     */
    private static long unmasked(MxCsr csr, int exception, boolean inexact) {
        SimdExceptions.raise(csr, exception | (inexact ? SimdExceptions.PRECISION : 0));
        return 0;
    }

    /** Whether rounding with an unbounded exponent would reach the next power of two. */
    private static boolean carries(MxCsr csr, boolean negative, long bits, int drop) {
        long kept = bits >>> drop;
        return kept == -1L >>> drop && roundsUp(csr.rounding(), negative, kept, lost(bits, drop));
    }

    /** What is shifted out, moved up so that one half is bit 63; never 0 if anything is lost. */
    private static long lost(long bits, int drop) {
        if (drop > 64) {
            return 1;
        }
        return bits << (64 - drop);
    }

    /** The decision common to all roundings; {@code lost} as a fraction with one half at bit 63. */
    static boolean roundsUp(int mode, boolean negative, long kept, long lost) {
        return switch (mode) {
            case NEAREST -> lost < 0 && (lost << 1 != 0 || (kept & 1) != 0);
            case DOWN -> lost != 0 && negative;
            case UP -> lost != 0 && !negative;
            default -> false;
        };
    }
}
