package dev.carafe.core.isa.x87;

/** Unsigned division and square root of 128-bit numbers. */
final class Wide {
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private Wide() {}

    /**
     * {@code high:low / divisor}.
     *
     * @param high less than {@code divisor}
     * @param divisor bit 63 is set
     */
    static long divide(long high, long low, long divisor) {
        long top = divisor >>> 32;
        long bottom = divisor & LOW_32;
        long first = digit(high, low >>> 32, top, bottom);
        long rest = (high << 32 | low >>> 32) - first * divisor;
        long second = digit(rest, low & LOW_32, top, bottom);
        return first << 32 | second;
    }

    /** One digit of 32 bits: {@code (high × 2³² + next) / divisor}. */
    private static long digit(long high, long next, long top, long bottom) {
        long guess = Long.divideUnsigned(high, top);
        long rest = high - guess * top;
        while (guess > LOW_32 || Long.compareUnsigned(guess * bottom, rest << 32 | next) > 0) {
            guess--;
            rest += top;
            if (rest > LOW_32) {
                break;
            }
        }
        return guess;
    }

    /**
     * The integer square root of {@code high:low}.
     *
     * @param high one of its two top bits is set
     */
    static long squareRoot(long high, long low) {
        long guess = initialRoot(high);
        // Newton's step doubles the 31 good bits, twice; from above it never falls below the root.
        for (int i = 0; i < 2; i++) {
            long quotient = Long.compareUnsigned(high, guess) >= 0 ? -1L : divide(high, low, guess);
            long sum = guess + quotient;
            boolean carry = Long.compareUnsigned(sum, guess) < 0;
            guess = sum >>> 1 | (carry ? 1L << 63 : 0);
        }
        while (squareExceeds(guess, high, low)) {
            guess--;
        }
        while (guess != -1L && !squareExceeds(guess + 1, high, low)) {
            guess++;
        }
        return guess;
    }

    private static long initialRoot(long high) {
        double root = Math.sqrt((high >>> 1) * 2.0) * 0x1p32;
        return root >= 0x1p64 ? -1L : (long) (root * 0.5) << 1 | Long.MIN_VALUE;
    }

    private static boolean squareExceeds(long root, long high, long low) {
        int order = Long.compareUnsigned(Math.unsignedMultiplyHigh(root, root), high);
        return order > 0 || order == 0 && Long.compareUnsigned(root * root, low) > 0;
    }
}
