package dev.carafe.core.isa.x87;

import dev.carafe.core.cpu.X87State;

/**
 * Rounds exact results (SDM Vol. 1, "Rounding", "Precision Control Field", "Numeric Overflow
 * Exception", "Numeric Underflow Exception"): the one definition for registers, for stores in
 * smaller formats and for integers. Tininess is judged after rounding.
 */
final class Float80Rounder {
    /** What an unmasked overflow or underflow moves the exponent of a register's result by. */
    private static final int EXPONENT_ADJUSTMENT = 24_576;

    private static final int NEAREST = 0;
    private static final int DOWN = 1;
    private static final int UP = 2;
    private static final int[] DROPPED_BITS = {40, 0, 11, 0}; // by precision control
    private static final long HALF = 1L << 63;

    private Float80Rounder() {}

    /** Rounding control. */
    static int mode(X87State x) {
        return x.controlWord >>> 10 & 3;
    }

    /** Whether a result of exactly zero, from unlike signs, is negative. */
    static boolean zeroIsNegative(X87State x) {
        return mode(x) == DOWN;
    }

    /** Rounds to the precision that the control word asks for. */
    static long round(X87State x, boolean negative, int exponent, long high, long low) {
        return round(x, DROPPED_BITS[x.controlWord >>> 8 & 3], negative, exponent, high, low);
    }

    /** Rounds to 64 bits, whatever precision the control word asks for. */
    static long roundFull(X87State x, boolean negative, int exponent, long high, long low) {
        return round(x, 0, negative, exponent, high, low);
    }

    /**
     * @param exponent biased; the result may need one that does not exist
     * @param high bit 63 is set
     * @param low further bits; bit 0 also stands for all that follow
     */
    private static long round(
            X87State x, int drop, boolean negative, int exponent, long high, long low) {
        int sign = negative ? Float80.SIGN : 0;
        if (exponent <= 0) {
            return roundSmall(x, drop, negative, exponent, high, low);
        }
        long lost = lost(drop, high, low);
        long kept = keep(drop, high);
        int rounded = exponent;
        if (roundsUp(mode(x), negative, kept >>> drop, lost)) {
            x.roundedUp = true;
            kept += 1L << drop;
            if (kept == 0) {
                kept = HALF;
                rounded++;
            }
        }
        if (lost != 0) {
            x.raised |= X87.PRECISION;
        }
        if (rounded >= Float80.MAX_EXPONENT) {
            return overflow(x, drop, negative, rounded, kept);
        }
        x.resultSignExponent = sign | rounded;
        return kept;
    }

    private static long overflow(
            X87State x, int drop, boolean negative, int exponent, long significand) {
        int sign = negative ? Float80.SIGN : 0;
        x.raised |= X87.OVERFLOW;
        if (!X87.masked(x, X87.OVERFLOW)) {
            int adjusted = exponent - EXPONENT_ADJUSTMENT;
            if (adjusted < Float80.MAX_EXPONENT) {
                x.resultSignExponent = sign | adjusted;
                return significand;
            }
            x.raised |= X87.PRECISION; // FSCALE by far too much
            x.roundedUp = true;
            x.resultSignExponent = sign | Float80.MAX_EXPONENT;
            return HALF;
        }
        x.raised |= X87.PRECISION;
        x.roundedUp = infinite(mode(x), negative);
        x.resultSignExponent = sign | Float80.MAX_EXPONENT - (x.roundedUp ? 0 : 1);
        return x.roundedUp ? HALF : -1L << drop;
    }

    /** Whether an overflow is an infinity, and not the greatest number. */
    private static boolean infinite(int mode, boolean negative) {
        return mode == NEAREST || mode == (negative ? DOWN : UP);
    }

    /** A number that may be too small to be normal. */
    private static long roundSmall(
            X87State x, int drop, boolean negative, int exponent, long high, long low) {
        int mode = mode(x);
        boolean carries =
                keep(drop, high) == -1L << drop
                        && roundsUp(mode, negative, 1, lost(drop, high, low));
        boolean tiny = exponent < 0 || !carries;
        if (tiny && !X87.masked(x, X87.UNDERFLOW)) {
            x.raised |= X87.UNDERFLOW;
            int adjusted = exponent + EXPONENT_ADJUSTMENT;
            if (adjusted > 0) {
                return round(x, drop, negative, adjusted, high, low);
            }
            x.raised |= X87.PRECISION;
            x.resultSignExponent = negative ? Float80.SIGN : 0;
            return 0;
        }
        int shift = 1 - exponent;
        long small = shift > 63 ? 0 : high >>> shift;
        long rest = shiftedOut(shift, high, low);
        long lost = lost(drop, small, rest);
        long kept = keep(drop, small);
        if (roundsUp(mode, negative, kept >>> drop, lost)) {
            x.roundedUp = true;
            kept += 1L << drop;
        }
        if (lost != 0) {
            x.raised |= tiny ? X87.UNDERFLOW | X87.PRECISION : X87.PRECISION;
        }
        x.resultSignExponent = (negative ? Float80.SIGN : 0) | (kept < 0 ? 1 : 0);
        return kept;
    }

    /** The 64 bits behind {@code high >>> shift}, with a sticky last one. */
    static long shiftedOut(int shift, long high, long low) {
        if (shift == 0) {
            return low;
        }
        if (shift < 64) {
            return high << 64 - shift | low >>> shift | sticky(low << 64 - shift);
        }
        if (shift == 64) {
            return high | sticky(low);
        }
        if (shift < 128) {
            return high >>> shift - 64 | sticky(high << 128 - shift | low);
        }
        return sticky(high | low);
    }

    private static long sticky(long bits) {
        return bits != 0 ? 1 : 0;
    }

    private static long keep(int drop, long bits) {
        return bits & -1L << drop;
    }

    /** The bits below, moved up so that one half is bit 63. */
    private static long lost(int drop, long high, long low) {
        return drop == 0 ? low : high << 64 - drop | sticky(low);
    }

    /**
     * The decision common to all roundings.
     *
     * @param kept bit 0 is the last bit that stays
     * @param lost one half is bit 63; not 0 if anything is lost
     */
    private static boolean roundsUp(int mode, boolean negative, long kept, long lost) {
        return switch (mode) {
            case NEAREST -> lost < 0 && (lost << 1 != 0 || (kept & 1) != 0);
            case DOWN -> lost != 0 && negative;
            case UP -> lost != 0 && !negative;
            default -> false;
        };
    }

    // ---- integers

    /**
     * The magnitude of a finite number as an integer, rounded; −1 (all ones) if it is 2⁶⁴ or more.
     *
     * @param chopped toward zero, whatever the control word says
     */
    static long toInteger(X87State x, int signExponent, long significand, boolean chopped) {
        int shift = Float80.BIAS + 63 - Float80.exponent(signExponent);
        if (shift < 0) {
            return -1;
        }
        long kept = shift > 63 ? 0 : significand >>> shift;
        long lost = shiftedOut(shift, significand, 0);
        if (lost != 0) {
            x.raised |= X87.PRECISION;
        }
        int mode = chopped ? 3 : mode(x);
        if (roundsUp(mode, Float80.negative(signExponent), kept, lost)) {
            x.roundedUp = true;
            kept++;
        }
        return kept;
    }

    // ---- smaller formats

    /**
     * A finite number other than zero as a single or double; the pattern without its sign.
     *
     * @param fraction bits of the format's fraction: 23 or 52
     * @param bias of its exponent
     */
    static long toFormat(X87State x, int signExponent, long significand, int fraction, int bias) {
        boolean negative = Float80.negative(signExponent);
        long bits = Float80.normalSignificand(significand);
        int exponent = Float80.normalExponent(signExponent, significand) - Float80.BIAS + bias;
        int drop = 63 - fraction;
        int mode = mode(x);
        boolean tiny = exponent < 0 || exponent == 0 && !carries(mode, negative, drop, bits);
        if (tiny && !X87.masked(x, X87.UNDERFLOW)) {
            x.raised |= X87.UNDERFLOW;
            return 0;
        }
        int shift = drop + Math.max(0, 1 - exponent);
        long kept = shift > 63 ? 0 : bits >>> shift;
        long lost = shiftedOut(shift, bits, 0);
        boolean up = roundsUp(mode, negative, kept, lost);
        // The integer bit in kept is worth one exponent step, and so is a carry out of rounding.
        long magnitude = ((long) Math.max(0, exponent - 1) << fraction) + kept + (up ? 1 : 0);
        long infinity = 2L * bias + 1 << fraction;
        if (exponent > 2 * bias || magnitude >= infinity) {
            return formatOverflow(x, negative, infinity);
        }
        x.roundedUp = up;
        if (lost != 0) {
            x.raised |= tiny ? X87.UNDERFLOW | X87.PRECISION : X87.PRECISION;
        }
        return magnitude;
    }

    private static boolean carries(int mode, boolean negative, int drop, long bits) {
        return keep(drop, bits) == -1L << drop && roundsUp(mode, negative, 1, lost(drop, bits, 0));
    }

    private static long formatOverflow(X87State x, boolean negative, long infinity) {
        x.raised |= X87.OVERFLOW;
        if (!X87.masked(x, X87.OVERFLOW)) {
            return 0;
        }
        x.raised |= X87.PRECISION;
        x.roundedUp = infinite(mode(x), negative);
        return x.roundedUp ? infinity : infinity - 1;
    }
}
