package dev.carafe.core.memory;

import java.util.Arrays;

/**
 * A number that changes when a linear address that instructions were fetched from may have got
 * another meaning, and the pages that they were fetched from since: an INVLPG of any other page
 * need not change it. One bit stands for all pages whose numbers end alike, so it may change
 * needlessly. Touched by its vCPU's thread only.
 */
final class CodeEpoch {
    private static final int WORDS = 64; // a power of two

    /** Gives numbers that no epoch of this vCPU had before. */
    static final class Numbers {
        private int last;
    }

    private static final int GIBIBYTE_SHIFT = 30; // no translation is bigger
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private final long[] fetched = new long[WORDS];
    private long fetchedLarge; // a bit for each GiB, several sharing one
    private final Numbers numbers;
    private int number;

    CodeEpoch(Numbers numbers) {
        this.numbers = numbers;
        next();
    }

    int number() {
        return number;
    }

    void next() {
        number = ++numbers.last;
        Arrays.fill(fetched, 0);
        fetchedLarge = 0;
    }

    /**
     * @param large whether the translation is bigger than this page
     */
    void fetch(long linear, boolean large) {
        int page = (int) (linear >>> Tlb.PAGE_SHIFT);
        fetched[page >>> 6 & WORDS - 1] |= 1L << page;
        if (large) {
            fetchedLarge |= largeBit(linear);
        }
    }

    /**
     * Whether instructions may have been fetched in this epoch from this page, or from a large
     * translation that it may belong to.
     */
    boolean concerns(long linear) {
        int page = (int) (linear >>> Tlb.PAGE_SHIFT);
        return (fetched[page >>> 6 & WORDS - 1] & 1L << page) != 0
                || (fetchedLarge & largeBit(linear)) != 0;
    }

    /** Spread: what a kernel maps at round distances does not share a bit with its code. */
    private static long largeBit(long linear) {
        return 1L << ((linear >>> GIBIBYTE_SHIFT) * SPREAD >>> 58);
    }
}
