package dev.carafe.core.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the list of used entries has to keep true. */
class TlbTest {
    private static final long SIZE = (long) Tlb.ENTRIES << Tlb.PAGE_SHIFT;

    private final Tlb tlb = new Tlb();

    @Test
    void aFlushOfWhatIsNotGlobalKeepsTheRestForTheNextFlush() {
        for (int page = 0; page < 100; page++) {
            fill(page * Tlb.PAGE_SIZE, page % 3 == 0 ? Tlb.GLOBAL : 0);
        }
        tlb.flushNonGlobal();
        for (int page = 0; page < 100; page++) {
            assertEquals(page % 3 == 0, tlb.plain(page * Tlb.PAGE_SIZE, Tlb.READ), "page " + page);
        }
        tlb.flush();
        for (int page = 0; page < 100; page++) {
            assertFalse(tlb.allows(page * Tlb.PAGE_SIZE, Tlb.READ), "page " + page);
        }
    }

    @Test
    void entriesFilledAndDroppedManyTimesAreListedOnce() {
        for (int round = 0; round < 3; round++) {
            for (int entry = 0; entry < Tlb.ENTRIES; entry++) {
                long linear = round * SIZE + entry * Tlb.PAGE_SIZE;
                fill(linear, 0);
                tlb.invalidate(linear);
                fill(linear, 0);
                assertTrue(tlb.plain(linear, Tlb.READ));
            }
        }
        tlb.flush();
        for (int entry = 0; entry < Tlb.ENTRIES; entry++) {
            assertFalse(tlb.allows(2 * SIZE + entry * Tlb.PAGE_SIZE, Tlb.READ), "entry " + entry);
        }
    }

    @Test
    void pagesThatShareAnEntryDisplaceEachOtherWhole() {
        fill(0x5000, 0);
        tlb.setTag(0x5000, Tlb.WRITE, false);
        fill(0x5000 + SIZE, 0);

        assertFalse(tlb.allows(0x5000, Tlb.READ));
        assertFalse(tlb.allows(0x5000, Tlb.WRITE));
        assertFalse(tlb.allows(0x5000 + SIZE, Tlb.WRITE), "not given yet");
    }

    @Test
    void slowWritesReachEveryLinearPageOfThePhysicalOne() {
        fill(0x5000, 0);
        fill(0x7000, 0);
        tlb.set(0x7000, 0x10_5000 | Tlb.MEMORY, 0x10_5000);
        tlb.setTag(0x5000, Tlb.WRITE, false);
        tlb.setTag(0x7000, Tlb.WRITE, false);
        tlb.slowWrites(0x10_5000);

        assertFalse(tlb.plain(0x5000, Tlb.WRITE));
        assertFalse(tlb.plain(0x7000, Tlb.WRITE));
        assertTrue(tlb.allows(0x7000, Tlb.WRITE));
    }

    private void fill(long linear, long flags) {
        long frame = linear % SIZE + 0x10_0000;
        tlb.set(linear, frame | Tlb.MEMORY | flags, frame);
        tlb.setTag(linear, Tlb.READ, false);
    }
}
