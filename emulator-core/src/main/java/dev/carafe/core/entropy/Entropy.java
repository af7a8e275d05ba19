package dev.carafe.core.entropy;

import java.util.concurrent.atomic.AtomicLong;

/** The machine's source of random numbers. Any thread may ask. */
@FunctionalInterface
public interface Entropy {
    /** 64 random bits. */
    long next();

    /**
     * A source that gives the same numbers for the same seed: Steele, Lea and Flood's SplitMix64
     * ("Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
     */
    static Entropy seeded(long seed) {
        AtomicLong state = new AtomicLong(seed);
        return () -> {
            long z = state.addAndGet(0x9E37_79B9_7F4A_7C15L);
            z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
            z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
            return z ^ z >>> 31;
        };
    }
}
