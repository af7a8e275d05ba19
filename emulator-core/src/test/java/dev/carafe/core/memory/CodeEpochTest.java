package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.PD;
import static dev.carafe.core.memory.TestMachine.PS;
import static dev.carafe.core.memory.TestMachine.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which INVLPG may have moved code. */
class CodeEpochTest {
    private static final long PAGE = 0x5000;
    private static final long LARGE = 0x20_0000;

    private final TestMachine machine = new TestMachine().fourLevel();
    private final Mmu mmu = machine.mmu;

    @AfterEach
    void release() {
        machine.close();
    }

    @Test
    void invlpgOfAPageThatNothingWasFetchedFromIsNone() {
        machine.map(PAGE, P | W | 0x10_0000);
        machine.put(PD + 8, P | W | PS | LARGE);
        mmu.translateExecute(PAGE);
        mmu.load8(LARGE);
        int before = mmu.codeEpoch();

        mmu.invalidatePage(PAGE + 0x1000);
        mmu.invalidatePage(LARGE);
        assertEquals(before, mmu.codeEpoch(), "data alone lies in the large page");
        mmu.invalidatePage(PAGE);
        assertNotEquals(before, mmu.codeEpoch());
    }

    @Test
    void anyPageOfALargeTranslationConcernsTheCodeInIt() {
        machine.put(PD + 8, P | W | PS | LARGE);
        mmu.translateExecute(LARGE + 0x3000);
        int before = mmu.codeEpoch();

        mmu.invalidatePage(3L << 30);
        mmu.invalidatePage(1L << 36);
        mmu.invalidatePage(1L << 40);
        assertEquals(before, mmu.codeEpoch());
        mmu.invalidatePage(LARGE + 0x9000);
        assertNotEquals(before, mmu.codeEpoch());
        assertEquals(LARGE + 0x3000, mmu.translateExecute(LARGE + 0x3000));
    }
}
