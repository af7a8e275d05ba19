package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.A;
import static dev.carafe.core.memory.TestMachine.D;
import static dev.carafe.core.memory.TestMachine.FETCH;
import static dev.carafe.core.memory.TestMachine.G;
import static dev.carafe.core.memory.TestMachine.NX;
import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.PD;
import static dev.carafe.core.memory.TestMachine.PDPT;
import static dev.carafe.core.memory.TestMachine.PML4;
import static dev.carafe.core.memory.TestMachine.PRESENT;
import static dev.carafe.core.memory.TestMachine.PS;
import static dev.carafe.core.memory.TestMachine.PT;
import static dev.carafe.core.memory.TestMachine.RESERVED;
import static dev.carafe.core.memory.TestMachine.U;
import static dev.carafe.core.memory.TestMachine.USER;
import static dev.carafe.core.memory.TestMachine.W;
import static dev.carafe.core.memory.TestMachine.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.memory.TestMachine.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Page walks in every paging mode: sizes, reserved bits, accessed and dirty flags (SDM Vol. 3A,
 * "Paging").
 */
class PageWalkTest {
    private final TestMachine machine = new TestMachine();
    private final Mmu mmu = machine.mmu;

    @AfterEach
    void release() {
        machine.close();
    }

    @Test
    void withoutPagingAddressesAreThemselvesAndWrapAtFourGiB() {
        mmu.store32(0x1234, 0xCAFE);

        assertEquals(0xCAFE, mmu.load32(0x1234));
        assertEquals(
                0xCAFE,
                mmu.load32(0x1_0000_1234L),
                "segment base plus offset may carry out of 32 bits");
        assertEquals(0x1234, mmu.translateExecute(0x1234));
    }

    @Test
    void fourLevelPagesAreFoundThroughAllTables() {
        machine.fourLevel().map(0x5000, P | W | 0x10_0000);
        mmu.store64(0x5008, 0x1122334455667788L);

        assertEquals(0x1122334455667788L, machine.bus.read(0x10_0008, 8));
        assertEquals(0x10_0008, mmu.peek(0x5008));
        assertEquals(0x10_0008, mmu.translateExecute(0x5008));
    }

    @Test
    void theUpperHalfIsReachedThroughItsOwnPml4Entry() {
        machine.fourLevel().map(0x5000, P | W | 0x10_0000);
        machine.put(PML4 + 511 * 8, P | W | PDPT);
        mmu.store8(0xFFFF_FF80_0000_5000L, 0x5A);

        assertEquals(0x5A, machine.bus.read(0x10_0000, 1));
    }

    @Test
    void twoMebibytePagesAddTheirOffset() {
        machine.fourLevel();
        machine.put(PD + 8, P | W | PS | 0x20_0000);
        mmu.store8(0x20_0000 + 0x12_3456, 0x77);

        assertEquals(0x77, machine.bus.read(0x32_3456, 1));
    }

    @Test
    void oneGibibytePagesAddTheirOffset() {
        machine.fourLevel();
        machine.put(PDPT + 8, P | W | PS);
        mmu.store8(0x4000_0000L + 0x12_3456, 0x78);

        assertEquals(0x78, machine.bus.read(0x12_3456, 1));
    }

    @Test
    void fiveLevelPagingHasOneMoreTableAndWiderAddresses() {
        machine.fourLevel().map(0x5000, P | W | 0x10_0000);
        machine.put(0x6000 + 8, P | W | PML4);
        mmu.setRoot(0x6000);
        mmu.configure(new Mode().fiveLevel().context(), true);
        long linear = (1L << 48) + 0x5000;
        mmu.store8(linear, 0x33);

        assertEquals(0x33, machine.bus.read(0x10_0000, 1));
        TestMachine.assertGeneralProtection(() -> mmu.load8(1L << 56));
    }

    @Test
    void paePagingTakesItsPointersWhenCr3IsLoaded() {
        paeTables();
        machine.put(0x6000 + 8, 0);
        mmu.store8(0x4000_5000L, 0x21);

        assertEquals(
                0x21, machine.bus.read(0x10_0000, 1), "the register still holds the old pointer");
        mmu.setRoot(0x6000);
        machine.assertPageFault(0, 0x4000_5000L, () -> mmu.load8(0x4000_5000L));
    }

    @Test
    void paePagingRefusesReservedBitsInPointersAndKeepsTheOldOnes() {
        paeTables();
        machine.put(0x7000, P | W | PD);
        TestMachine.assertGeneralProtection(() -> mmu.setRoot(0x7000));

        mmu.store8(0x4000_5000L, 0x22);
        assertEquals(0x22, machine.bus.read(0x10_0000, 1));
    }

    @Test
    void paeEntriesReserveTheBitsBelowExecuteDisable() {
        paeTables();
        machine.map(0x5000, P | W | 1L << 52 | 0x10_0000);

        machine.assertPageFault(PRESENT | RESERVED, 0x4000_5000L, () -> mmu.load8(0x4000_5000L));
    }

    @Test
    void paePagesOfTwoMebibytes() {
        paeTables();
        machine.put(PD + 8, P | W | PS | 0x40_0000);
        mmu.store8(0x4020_0123L, 0x55);

        assertEquals(0x55, machine.bus.read(0x40_0123, 1));
    }

    @Test
    void thirtyTwoBitPagingHasFourByteEntries() {
        legacyTables(new Mode());
        machine.put32(0x2000 + 5 * 4, P | W | 0x10_0000);
        mmu.store32(0x5004, 0xDEADBEEFL);

        assertEquals(0xDEADBEEFL, machine.bus.read(0x10_0004, 4));
        assertEquals(P | W | A | D | 0x10_0000, machine.bus.read(0x2000 + 5 * 4, 4));
        assertEquals(P | W | U | A | 0x2000, machine.bus.read(0x1000, 4));
    }

    @Test
    void fourMebibytePagesNeedPse() {
        legacyTables(new Mode());
        machine.put32(0x1000 + 4, P | W | PS | 0x40_0000);
        mmu.store8(0x40_1234, 0x66);
        assertEquals(0x66, machine.bus.read(0x40_1234, 1));

        mmu.configure(new Mode().withoutPse().context(), true);
        machine.put32(0x1000 + 4, P | W | PS | 0x2000);
        machine.put32(0x2000, P | W | 0x10_0000);
        mmu.store8(0x40_0000, 0x67);
        assertEquals(0x67, machine.bus.read(0x10_0000, 1), "without CR4.PSE the bit means nothing");
    }

    @Test
    void pse36PutsUpperAddressBitsIntoTheDirectoryEntry() {
        try (TestMachine large = new TestMachine(16L << 20, 4L << 20)) {
            large.put32(0x1000, P | W | PS | 1 << 13);
            large.mmu.setRoot(0x1000);
            large.mmu.configure(new Mode().context(), true);
            large.mmu.store8(0x1234, 0x44);

            assertEquals(0x44, large.bus.read(PhysicalBus.HIGH_RAM + 0x1234, 1));
        }
    }

    @Test
    void fourMebibytePagesReserveBitTwentyOneAndWhatThePhysicalAddressLacks() {
        legacyTables(new Mode());
        machine.put32(0x1000 + 4, P | W | PS | 1 << 21);
        machine.assertPageFault(PRESENT | RESERVED, 0x40_0000, () -> mmu.load8(0x40_0000));

        mmu.configure(new Mode().physicalBits(36).context(), true);
        machine.put32(0x1000 + 4, P | W | PS | 1 << 17);
        machine.assertPageFault(PRESENT | RESERVED, 0x40_0000, () -> mmu.load8(0x40_0000));
    }

    @ParameterizedTest(name = "bit {0} of a page-table entry")
    @ValueSource(ints = {40, 45, 51})
    void addressBitsBeyondMaxphyaddrAreReserved(int bit) {
        machine.fourLevel().map(0x5000, P | W | U | 1L << bit | 0x10_0000);

        machine.assertPageFault(PRESENT | RESERVED, 0x5000, () -> mmu.load8(0x5000));
        machine.assertPageFault(PRESENT | RESERVED | WRITE, 0x5000, () -> mmu.store8(0x5000, 1));
    }

    @Test
    void bitsFiftyTwoToSixtyTwoAreIgnoredInLongMode() {
        machine.fourLevel().map(0x5000, P | W | 0x7FFL << 52 | 0x10_0000);

        assertEquals(0, mmu.load8(0x5000));
    }

    @Test
    void largePagesReserveTheLowAddressBits() {
        machine.fourLevel();
        machine.put(PD + 8, P | PS | 1 << 13);
        machine.assertPageFault(PRESENT | RESERVED, 0x20_0000, () -> mmu.load8(0x20_0000));

        machine.put(PDPT + 8, P | PS | 1 << 29);
        machine.assertPageFault(PRESENT | RESERVED, 0x4000_0000L, () -> mmu.load8(0x4000_0000L));

        machine.put(PML4 + 8, P | PS | PDPT);
        machine.assertPageFault(PRESENT | RESERVED, 1L << 39, () -> mmu.load8(1L << 39));
    }

    @Test
    void executeDisableIsReservedWhileEferNxeIsClear() {
        machine.fourLevel().map(0x5000, P | W | NX | 0x10_0000);
        mmu.configure(new Mode().longMode().withoutNoExecute().context(), true);

        machine.assertPageFault(PRESENT | RESERVED, 0x5000, () -> mmu.load8(0x5000));
        machine.assertPageFault(PRESENT | RESERVED, 0x5000, () -> mmu.translateExecute(0x5000));
    }

    @Test
    void readingSetsAccessedInEveryEntryAndWritingDirtyInTheLast() {
        machine.fourLevel().map(0x5000, P | W | 0x10_0000);
        mmu.load8(0x5000);

        assertEquals(P | W | U | A | PDPT, machine.bus.read(PML4, 8));
        assertEquals(P | W | U | A | PD, machine.bus.read(PDPT, 8));
        assertEquals(P | W | U | A | PT, machine.bus.read(PD, 8));
        assertEquals(P | W | A | 0x10_0000, machine.entryOf(0x5000));

        mmu.store8(0x5000, 1);
        assertEquals(
                P | W | A | D | 0x10_0000,
                machine.entryOf(0x5000),
                "a store after a load still sets dirty");
    }

    @Test
    void aFaultingWalkLeavesTheLeafUntouched() {
        machine.fourLevel().map(0x5000, P | 0x10_0000);
        machine.assertPageFault(PRESENT | WRITE, 0x5000, () -> mmu.store8(0x5000, 1));

        assertEquals(P | 0x10_0000, machine.entryOf(0x5000));
    }

    @Test
    void peekAndChecksOfAbsentPagesHaveNoEffect() {
        machine.fourLevel().map(0x5000, P | 0x10_0000);

        assertEquals(0x10_0000, mmu.peek(0x5000));
        assertEquals(-1, mmu.peek(0x6000));
        assertEquals(-1, mmu.peek(1L << 60));
        assertEquals(P | 0x10_0000, machine.entryOf(0x5000), "no accessed flag");
    }

    @Test
    void globalPagesSurviveCr3AndNothingSurvivesAFullFlush() {
        machine.fourLevel().map(0x5000, P | W | G | 0x10_0000);
        machine.map(0x6000, P | W | 0x10_1000);
        mmu.load8(0x5000);
        mmu.load8(0x6000);
        machine.map(0x5000, 0);
        machine.map(0x6000, 0);
        mmu.setRoot(PML4);

        assertEquals(0, mmu.load8(0x5000), "still in the TLB");
        machine.assertPageFault(0, 0x6000, () -> mmu.load8(0x6000));
        mmu.flush();
        machine.assertPageFault(0, 0x5000, () -> mmu.load8(0x5000));
    }

    @Test
    void invlpgDropsOnePageGlobalOrNotAndEveryPartOfALargeOne() {
        machine.fourLevel().map(0x5000, P | W | G | 0x10_0000);
        machine.map(0x6000, P | W | 0x10_1000);
        machine.put(PD + 8, P | W | PS | 0x20_0000);
        mmu.load8(0x5000);
        mmu.load8(0x6000);
        mmu.load8(0x20_0000);
        machine.map(0x5000, 0);
        machine.map(0x6000, 0);
        machine.put(PD + 8, 0);
        mmu.invalidatePage(0x5123);
        mmu.invalidatePage(0x3F_F000);

        machine.assertPageFault(0, 0x5000, () -> mmu.load8(0x5000));
        machine.assertPageFault(0, 0x20_0000, () -> mmu.load8(0x20_0000));
        assertEquals(0, mmu.load8(0x6000), "another page");
    }

    @Test
    void aReplacedPageTableCountsAfterInvlpgOfAnyPageAndAfterCr3() {
        long other = 0x8000;
        machine.fourLevel();
        for (long page = 0x10_000; page < 0x13_000; page += 0x1000) {
            machine.map(page, P | W | 0x10_0000);
            machine.put(other + (page >>> 12) * 8, P | W | 0x20_0000);
        }
        machine.put(0x10_0000, 1);
        machine.put(0x20_0000, 2);
        assertEquals(1, mmu.load8(0x10_000));

        machine.put(PD, P | W | U | other);
        mmu.invalidatePage(0x7F_0000);
        assertEquals(2, mmu.load8(0x11_000), "what INVLPG leaves of the tables is nothing");

        machine.put(PD, P | W | U | PT);
        mmu.setRoot(PML4);
        assertEquals(1, mmu.load8(0x12_000));
    }

    @Test
    void lookingAtAnotherRegionDoesNotMisleadTheNextWalk() {
        long other = 0x8000;
        machine.fourLevel().map(0x5000, P | W | 0x10_0000);
        machine.map(0x6000, P | W | 0x10_0000);
        machine.put(PD + 8, P | W | U | other);
        machine.put(other + 6 * 8, P | W | 0x20_0000);
        machine.put(0x10_0000, 1);
        machine.put(0x20_0000, 2);
        mmu.load8(0x5000);

        assertEquals(0x20_0000, mmu.peek(0x20_6000));
        machine.assertPageFault(0, 0x20_7000, () -> mmu.load8(0x20_7000));
        assertEquals(1, mmu.load8(0x6000));
        assertEquals(2, mmu.load8(0x20_6000));
    }

    @Test
    void aLoadFromAPageThatIsDirtyAlreadyMakesTheStoreReadyToo() {
        machine.fourLevel().map(0x5000, P | W | 0x10_0000);
        mmu.store8(0x5000, 1);
        mmu.setRoot(PML4);
        mmu.load8(0x5000);
        long walks = mmu.walks();
        mmu.store8(0x5000, 2);

        assertEquals(walks, mmu.walks());
        assertEquals(2, machine.bus.read(0x10_0000, 1));

        machine.map(0x5000, P | W | A | 0x10_0000);
        mmu.setRoot(PML4);
        mmu.load8(0x5000);
        assertEquals(
                P | W | A | 0x10_0000, machine.entryOf(0x5000), "a load leaves the page clean");
        mmu.store8(0x5000, 3);
        assertEquals(P | W | A | D | 0x10_0000, machine.entryOf(0x5000));
    }

    @Test
    void tablesWhereNothingAnswersReadAsOnesAndThusReserved() {
        machine.fourLevel();
        machine.put(PDPT + 8, P | W | U | 0x8000_0000L);
        machine.assertPageFault(PRESENT | RESERVED, 0x4000_0000L, () -> mmu.load8(0x4000_0000L));
    }

    @Test
    void fetchesReportThemselvesOnlyWhereTheyCanBeForbidden() {
        machine.fourLevel();
        machine.assertPageFault(FETCH, 0x9000, () -> mmu.translateExecute(0x9000));
        mmu.configure(new Mode().longMode().withoutNoExecute().context(), true);
        machine.assertPageFault(0, 0x9000, () -> mmu.translateExecute(0x9000));
        mmu.configure(new Mode().longMode().withoutNoExecute().smep().context(), true);
        machine.user();
        machine.assertPageFault(FETCH | USER, 0x9000, () -> mmu.translateExecute(0x9000));
    }

    private void paeTables() {
        machine.put(0x6000 + 8, P | PD);
        machine.put(PD, P | W | U | PT);
        machine.map(0x5000, P | W | U | 0x10_0000);
        mmu.setRoot(0x6000);
        mmu.configure(new Mode().pae().context(), true);
    }

    private void legacyTables(Mode mode) {
        machine.put32(0x1000, P | W | U | 0x2000);
        mmu.setRoot(0x1000);
        mmu.configure(mode.context(), true);
    }
}
