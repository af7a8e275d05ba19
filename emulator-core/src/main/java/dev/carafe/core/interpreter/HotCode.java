package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.weave.HotRegion;

/**
 * Finds out where a vCPU spends its time: every so many instructions it leaves its page at a
 * backward jump, a call or a return, and the place where it comes in again is counted. vCPU thread
 * only.
 */
final class HotCode {
    private static final long INTERVAL = 1 << 15;

    /** Before that nothing is worth it: short runs are over soon. */
    static final long WARM_UP = 10_000_000;

    private static final int PLACES = 1024;

    /**
     * A region costs the host's compilers some fifty milliseconds, and executes slower than its
     * records until they are done: code that does not stay is better off without. Measured with
     * 1,500 functions called at random, and with Linux: 3 is a quarter slower on the one and 4 % on
     * the other, from 12 to 60 makes no difference.
     */
    static final int HOT = 20;

    private final Cpu cpu;
    private final HotRegion.Exits regions; // asked for
    private final boolean atOnce;
    private final CodePage[] pages = new CodePage[PLACES];
    private final int[] entries = new int[PLACES];
    private final int[] counts = new int[PLACES];
    private boolean wanted;

    /**
     * @param regions asked for the region of code that is hot
     * @param atOnce whether all code is
     */
    HotCode(Cpu cpu, HotRegion.Exits regions, boolean atOnce) {
        this.cpu = cpu;
        this.regions = regions;
        this.atOnce = atOnce;
        wanted = atOnce;
    }

    /**
     * A run begins that may go on until {@code limit} instructions are executed, or up to the next
     * sample.
     */
    void begin(long limit) {
        cpu.executedLimit = Math.min(limit, cpu.executedBase + INTERVAL);
    }

    /** The limit is reached: that of the run, or that of the sample. */
    void sample(long limit) {
        if (cpu.executedBase < limit) {
            wanted = cpu.executedBase > WARM_UP || atOnce;
            begin(limit);
        }
    }

    /** Execution comes into a page. */
    void entered(int entry) {
        if (wanted) {
            wanted = atOnce;
            count(entry);
        }
    }

    private void count(int entry) {
        CodePage page = cpu.page;
        int place = System.identityHashCode(page) + entry * 31 & PLACES - 1;
        if (atOnce) {
            regions.hot(page, entry);
        } else if (pages[place] == page && entries[place] == entry) {
            if (++counts[place] == HOT) {
                regions.hot(page, entry);
            }
        } else if (--counts[place] <= 0) {
            pages[place] = page;
            entries[place] = entry;
            counts[place] = 1;
        }
    }
}
