package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.G;
import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.PML4;
import static dev.carafe.core.memory.TestMachine.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.carafe.core.memory.TestMachine.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * SDM Vol. 3A, "Process-Context Identifiers (PCIDs)" and "Invalidation of TLBs and Paging-Structure
 * Caches". The page table is changed behind the TLB's back: a load that still finds the old frame
 * has used a kept translation.
 */
class ProcessContextsTest {
    private static final long KEEP = 1L << 63;
    private static final long PAGE = 0x5000;
    private static final long GLOBAL = 0x6000;
    private static final long OLD = 0x10_0000;
    private static final long NEW = 0x11_0000;

    private final TestMachine machine = new TestMachine().fourLevel();
    private final Mmu mmu = machine.mmu;

    @BeforeEach
    void contexts() {
        machine.put(OLD, 1);
        machine.put(NEW, 2);
        mmu.configure(new Mode().longMode().with(PagingControl.PROCESS_CONTEXTS).context(), false);
        old();
    }

    @AfterEach
    void release() {
        machine.close();
    }

    private void old() {
        machine.map(PAGE, P | W | OLD);
        machine.map(GLOBAL, P | W | G | OLD);
    }

    private void remap() {
        machine.map(PAGE, P | W | NEW);
        machine.map(GLOBAL, P | W | G | NEW);
    }

    private long page() {
        return mmu.load64(PAGE);
    }

    private void fillBothContexts() {
        for (int context = 1; context <= 2; context++) {
            mmu.setRoot(PML4 | context);
            assertEquals(1, page());
            assertEquals(1, mmu.load64(GLOBAL));
        }
        remap();
    }

    @Test
    void aSwitchThatKeepsFindsTheContextsTranslationsAgain() {
        fillBothContexts();
        mmu.setRoot(KEEP | PML4 | 1);
        assertEquals(1, page());
        mmu.setRoot(KEEP | PML4 | 2);
        assertEquals(1, page());
    }

    @Test
    void aSwitchWithoutItDropsThatContextsAlone() {
        fillBothContexts();
        mmu.setRoot(PML4 | 1);
        assertEquals(2, page());
        assertEquals(1, mmu.load64(GLOBAL), "global");
        mmu.setRoot(KEEP | PML4 | 2);
        assertEquals(1, page());
    }

    @Test
    void contextsDoNotShareTranslations() {
        mmu.setRoot(PML4 | 1);
        assertEquals(1, page());
        remap();
        mmu.setRoot(KEEP | PML4 | 2);
        assertEquals(2, page());
    }

    @Test
    void invlpgConcernsTheCurrentContextAndGlobalPagesOfAll() {
        fillBothContexts();
        mmu.invalidatePage(PAGE);
        mmu.invalidatePage(GLOBAL);
        assertEquals(2, page());
        assertEquals(2, mmu.load64(GLOBAL));
        mmu.setRoot(KEEP | PML4 | 1);
        assertEquals(2, mmu.load64(GLOBAL));
    }

    @Test
    void invpcidNamesOneContext() {
        fillBothContexts();
        mmu.invalidatePage(1, PAGE);
        assertEquals(1, page(), "context 2 is another");
        mmu.setRoot(KEEP | PML4 | 1);
        assertEquals(2, page());

        old();
        mmu.flushContext(1);
        assertEquals(1, page());
        assertEquals(1, mmu.load64(GLOBAL));
    }

    @Test
    void allContextsAreFlushedWithOrWithoutGlobalPages() {
        fillBothContexts();
        mmu.flushNonGlobal();
        assertEquals(2, page());
        assertEquals(1, mmu.load64(GLOBAL));
        mmu.setRoot(KEEP | PML4 | 1);
        assertEquals(2, page());
        mmu.flush();
        assertEquals(2, mmu.load64(GLOBAL));
    }

    @Test
    void moreContextsThanAreKeptOnlyCostWalks() {
        for (int context = 1; context <= 20; context++) {
            mmu.setRoot(KEEP | PML4 | context);
            assertEquals(1, page());
        }
        remap();
        mmu.setRoot(KEEP | PML4 | 20);
        assertEquals(1, page());
        mmu.setRoot(KEEP | PML4 | 1);
        assertEquals(2, page(), "the oldest had to go");
    }

    @Test
    void codeIsFoundAgainAfterASwitchThatKeeps() {
        mmu.setRoot(PML4 | 1);
        int one = mmu.codeEpoch();
        mmu.setRoot(PML4 | 2);
        assertNotEquals(one, mmu.codeEpoch());
        mmu.setRoot(KEEP | PML4 | 1);
        assertEquals(one, mmu.codeEpoch());
        mmu.setRoot(PML4 | 1);
        assertNotEquals(one, mmu.codeEpoch());
    }

    @Test
    void withoutContextsEveryMoveToCr3Flushes() {
        mmu.configure(new Mode().longMode().context(), false);
        mmu.setRoot(PML4);
        assertEquals(1, page());
        remap();
        mmu.setRoot(PML4 | 0x18);
        assertEquals(2, page());
    }
}
