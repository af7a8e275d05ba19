package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.ModeKey;
import dev.carafe.core.memory.PhysicalBus;
import java.util.Arrays;

/**
 * Finds the decoded page of a linear address: a direct-mapped cache in front of the MMU and the
 * {@link CodeCache}. Keyed by what a translation for fetching depends on: the page, the privilege,
 * and an epoch that changes with the mode and with every TLB flush. vCPU thread only.
 */
final class CodeLookup {
    private static final int ENTRIES = 512;
    private static final int PAGE_SHIFT = 12;
    private static final long PAGE_MASK = -CodePage.SIZE;
    private static final int USER_BIT = 1;
    private static final int USER_SLOTS =
            ENTRIES / 2; // a page used by both privileges has two slots
    private static final int EPOCH_SHIFT = 1;
    private static final int EPOCHS = 1 << PAGE_SHIFT - EPOCH_SHIFT;
    private static final long INVALID = -1;
    private static final int REMEMBERED = 8;

    private final Cpu cpu;
    private final CodeCache cache;
    private final PhysicalBus bus;
    private final long[] tags = new long[ENTRIES];
    private final CodePage[] pages = new CodePage[ENTRIES];
    private int epoch; // below EPOCHS − 1, so that no tag equals INVALID
    private int seenMemoryEpoch;
    private int seenModeKey;

    // What the last epochs stood for: switches between address spaces or modes come back to them.
    private final long[] rememberedKeys = new long[REMEMBERED];
    private final int[] rememberedEpochs = new int[REMEMBERED];
    private int lastEpoch;
    private int oldest;

    CodeLookup(Cpu cpu, CodeCache cache, PhysicalBus bus) {
        this.cpu = cpu;
        this.cache = cache;
        this.bus = bus;
        Arrays.fill(tags, INVALID);
    }

    /**
     * The decoded page that holds the code at a linear address, or null when it does not lie in
     * memory.
     *
     * @throws dev.carafe.core.fault.CpuFault when fetching there faults
     */
    CodePage find(long linear) {
        if (seenMemoryEpoch != cpu.memory.codeEpoch() || seenModeKey != cpu.control.modeKey()) {
            changeEpoch();
        }
        boolean user = cpu.cpl == 3;
        long tag = linear & PAGE_MASK | (long) epoch << EPOCH_SHIFT | (user ? USER_BIT : 0);
        int slot = (int) (linear >>> PAGE_SHIFT) + (user ? USER_SLOTS : 0) & ENTRIES - 1;
        CodePage page = pages[slot];
        if (tags[slot] == tag && !page.dropped) {
            return page;
        }
        return miss(linear, tag, slot);
    }

    private CodePage miss(long linear, long tag, int slot) {
        long physicalPage = cpu.memory.translateExecute(linear) & PAGE_MASK;
        long ramOffset = bus.memoryOffset(physicalPage);
        boolean breakpoints = cpu.breakpoints.inCodePage(linear);
        if (breakpoints) {
            cpu.breakpoints.requireAlone();
        }
        boolean asks = cpu.breakpoints.debugger.inCodePage(linear);
        if (ramOffset < 0) {
            if (asks) {
                cpu.breakpoints.requireAlone();
            }
            return null;
        }
        int key = seenModeKey | (asks ? ModeKey.DEBUGGED : 0);
        CodePage page = cache.page(physicalPage, ramOffset, key);
        if (breakpoints) {
            return page; // asked for again at each instruction
        }
        tags[slot] = tag;
        pages[slot] = page;
        return page;
    }

    private void changeEpoch() {
        seenMemoryEpoch = cpu.memory.codeEpoch();
        seenModeKey = cpu.control.modeKey();
        long key = (long) seenMemoryEpoch << 32 | seenModeKey;
        for (int i = 0; i < REMEMBERED; i++) {
            if (rememberedKeys[i] == key) {
                epoch = rememberedEpochs[i];
                return;
            }
        }
        if (++lastEpoch >= EPOCHS - 1) {
            lastEpoch = 0;
            Arrays.fill(tags, INVALID);
            Arrays.fill(rememberedKeys, 0);
        }
        epoch = lastEpoch;
        rememberedKeys[oldest] = key;
        rememberedEpochs[oldest] = epoch;
        oldest = (oldest + 1) % REMEMBERED;
    }
}
