package dev.carafe.tools.verify;

/** Random numbers that depend on the seed and the number of the case alone (SplitMix64). */
final class CaseRandom {
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    void start(long seed, long number) {
        state = mix(seed + GOLDEN) ^ mix(number * GOLDEN + 1);
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ mixed >>> 31;
    }

    /** From 0 to {@code bound}, exclusively. */
    int below(int bound) {
        return (int) ((next() >>> 33) * bound >>> 31);
    }

    boolean oneIn(int chances) {
        return below(chances) == 0;
    }
}
