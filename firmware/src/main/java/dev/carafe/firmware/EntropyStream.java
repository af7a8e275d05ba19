package dev.carafe.firmware;

/** Words that boot protocols hand to a kernel as entropy: SplitMix64 from the machine's seed. */
public final class EntropyStream {
    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    public EntropyStream(long seed) {
        state = seed;
    }

    public long next() {
        state += STEP;
        long z = (state ^ state >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
