package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.ModeKey;
import dev.carafe.core.isa.Record;
import dev.carafe.core.memory.CodeWatcher;
import dev.carafe.core.memory.PageStates;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decoded code of one machine, by physical page and mode, shared by all its vCPUs.
 *
 * <p>A page that holds decoded code is marked in {@link PageStates}: no vCPU may keep a write tag
 * for it, so every store into it comes by {@link #written}, which drops what was decoded if the
 * bytes belong to an instruction. Dropping overwrites every record's handler with one that leaves;
 * whoever executes there looks the place up again at its next instruction.
 *
 * <p>Lock order: slot → {@link CodePage} monitor. {@code written} is called after the bytes are
 * stored, so a page that is being decoded at that moment either reads the new bytes or is dropped.
 */
public final class CodeCache implements CodeWatcher {
    /** What one physical page decodes to. */
    private static final class Slot {
        /** Guarded by this slot. */
        CodePage[] byMode = new CodePage[MODES];

        /** Whether every store into the page is seen by now. */
        volatile boolean marked;

        /**
         * Guarded by this slot: its code was dropped and its mark taken back; nothing may be added.
         */
        boolean abandoned;
    }

    /** Stops the other vCPUs and makes every one of them forget its write tags for a page. */
    @FunctionalInterface
    public interface Rendezvous {
        void dropWriteTags(long physicalPage);
    }

    private static final int MODES = 64;
    private static final int PAGE_SHIFT = 12;

    private final PageStates states;
    private final Rendezvous rendezvous;
    private final ConcurrentHashMap<Long, Slot> slots = new ConcurrentHashMap<>();
    private final BitSet none = new BitSet();
    private volatile BitSet stops = new BitSet(); // never changed, replaced

    public CodeCache(PageStates states, Rendezvous rendezvous) {
        this.states = states;
        this.rendezvous = rendezvous;
    }

    /**
     * The page at this physical address and mode, made when there is none yet. Stores into it are
     * seen from here on.
     */
    CodePage page(long physicalPage, long ramOffset, int modeKey) {
        Slot slot;
        CodePage page;
        do {
            slot = slots.computeIfAbsent(physicalPage, p -> new Slot());
            page = pageIn(slot, ramOffset, modeKey);
        } while (page == null);
        if (!slot.marked) {
            // Not under the slot's lock: the rendezvous waits for vCPUs that may want it. Doing it
            // twice does no harm.
            if (states.markCode(physicalPage >>> PAGE_SHIFT)) {
                rendezvous.dropWriteTags(physicalPage);
            }
            slot.marked = true;
        }
        return page;
    }

    /** Null when the slot was abandoned: there is another by now, or none. */
    private CodePage pageIn(Slot slot, long ramOffset, int modeKey) {
        synchronized (slot) {
            if (slot.abandoned) {
                return null;
            }
            if (modeKey >= slot.byMode.length) {
                slot.byMode = Arrays.copyOf(slot.byMode, modeKey + MODES);
            }
            CodePage page = slot.byMode[modeKey];
            if (page == null) {
                page = new CodePage(ramOffset, modeKey, stopsIn(modeKey));
                slot.byMode[modeKey] = page;
            }
            return page;
        }
    }

    private BitSet stopsIn(int modeKey) {
        return (modeKey & ModeKey.DEBUGGED) != 0 ? stops : none;
    }

    /**
     * Changes where a debugger wants to be asked, by offset in whatever page; nobody executes, and
     * all vCPUs look up anew where they are.
     */
    public void setStops(BitSet offsets) {
        stops = offsets;
        for (Slot slot : slots.values()) {
            synchronized (slot) {
                for (int key = ModeKey.DEBUGGED; key < slot.byMode.length; key++) {
                    slot.byMode[key] = null;
                }
            }
        }
    }

    @Override
    public void written(long physical, int length) {
        long address = physical;
        long end = physical + length;
        while (address < end) {
            long page = address & ~(CodePage.SIZE - 1L);
            long pageEnd = Math.min(end, page + CodePage.SIZE);
            writtenInPage(page, (int) (address - page), (int) (pageEnd - 1 - page));
            address = page + CodePage.SIZE;
        }
    }

    private void writtenInPage(long physicalPage, int first, int last) {
        long lines = lines(first, last);
        Slot slot;
        do {
            slot = slots.get(physicalPage);
        } while (slot != null && !changed(slot, physicalPage, lines));
    }

    /**
     * Drops what was decoded from these lines, and all else in the slot; false when the slot was
     * abandoned before.
     *
     * <p>The mark is taken back while the slot still stands for the page. Behind that, another slot
     * may stand for it and have marked it, and must not lose its mark.
     */
    private boolean changed(Slot slot, long physicalPage, long lines) {
        synchronized (slot) {
            if (slot.abandoned) {
                return false;
            }
            boolean hit = false;
            for (CodePage page : slot.byMode) {
                hit |= page != null && page.covers(lines);
            }
            if (!hit) {
                return true;
            }
            for (CodePage page : slot.byMode) {
                if (page != null) {
                    drop(page);
                }
            }
            slot.abandoned = true;
            states.clearCode(physicalPage >>> PAGE_SHIFT);
            slots.remove(physicalPage, slot);
            return true;
        }
    }

    private static long lines(int first, int last) {
        return -1L >>> (63 - (last >> CodePage.LINE_SHIFT)) & -1L << (first >> CodePage.LINE_SHIFT);
    }

    private static void drop(CodePage page) {
        synchronized (page) {
            page.dropped = true;
            Arrays.fill(page.entries, (char) 0);
            makeStale(page.records, page.end);
        }
    }

    /**
     * Makes every record of an array leave, keeping its operands for whoever is in the middle of
     * one.
     */
    static void makeStale(long[] records, int end) {
        for (int pc = 0; pc < end && pc < records.length; pc += Record.LONGS) {
            records[pc] = Record.withHandler(records[pc], PseudoHandlers.STALE);
        }
    }

    /** Physical pages that hold decoded code now; for inspection. */
    public int pages() {
        return slots.size();
    }
}
