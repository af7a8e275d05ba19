package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.U;
import static dev.carafe.core.memory.TestMachine.USER;
import static dev.carafe.core.memory.TestMachine.W;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SDM Vol. 3A, "Interrupt 17 - Alignment Check Exception (#AC)". */
class AlignmentCheckTest {
    private static final long PAGE = 0x5000;
    private static final long ABSENT = 0x9000;
    private static final long FRAME = 0x10_0000;

    private final TestMachine machine = new TestMachine().fourLevel();
    private final Mmu mmu = machine.mmu;

    @BeforeEach
    void check() {
        machine.map(PAGE, P | W | U | FRAME);
        mmu.setContext(true, false, true);
    }

    @AfterEach
    void release() {
        machine.close();
    }

    private static void assertAlignmentCheck(Executable access) {
        CpuFault fault = assertThrows(CpuFault.class, access);
        assertEquals(ExceptionVector.ALIGNMENT_CHECK, fault.vector(), fault::getMessage);
        assertEquals(0, fault.errorCode());
    }

    @ParameterizedTest(name = "{0} bytes at a multiple of {1}")
    @CsvSource({"2, 2", "4, 4", "8, 8", "10, 8", "16, 8", "14, 2", "28, 4", "108, 4", "512, 8"})
    void operandsLieAtMultiplesOfTheirSize(int size, int alignment) {
        mmu.checkRead(PAGE + alignment, size);
        mmu.checkWrite(PAGE + alignment, size);
        for (int offset = 1; offset < alignment; offset++) {
            long at = PAGE + offset;
            assertAlignmentCheck(() -> mmu.checkRead(at, size));
            assertAlignmentCheck(() -> mmu.checkWrite(at, size));
        }
    }

    @Test
    void everyKindOfAccessIsChecked() {
        mmu.store64(PAGE, 5);
        assertAlignmentCheck(() -> mmu.load64(PAGE + 4));
        assertAlignmentCheck(() -> mmu.store32(PAGE + 2, 1));
        assertAlignmentCheck(() -> mmu.load16(PAGE + 1));
        assertAlignmentCheck(() -> mmu.writeOffset(PAGE + 4, 8));
        assertAlignmentCheck(() -> mmu.readOffset(PAGE + 4, 8));
        assertAlignmentCheck(() -> mmu.locked.begin(PAGE + 1, 4));
        assertEquals(5, mmu.load64(PAGE));
        assertEquals(0, mmu.load8(PAGE + 3));
    }

    @Test
    void alignedAccessesWorkAgainAndAgain() {
        for (int i = 0; i < 3; i++) {
            mmu.store64(PAGE + 8, i);
            assertEquals(i, mmu.load64(PAGE + 8));
            assertAlignmentCheck(() -> mmu.store64(PAGE + 9, 0));
        }
        long offset = mmu.locked.begin(PAGE + 8, 8);
        assertEquals(2, mmu.locked.load(offset, 8));
    }

    @Test
    void theAlignmentIsCheckedBeforeThePage() {
        assertAlignmentCheck(() -> mmu.load64(ABSENT + 1));
        assertAlignmentCheck(() -> mmu.load64(ABSENT - 4));
        machine.assertPageFault(USER, ABSENT, () -> mmu.load64(ABSENT));
        TestMachine.assertGeneralProtection(() -> mmu.load64(1L << 47 | 1));
    }

    @Test
    void systemAccessesFetchesAndOtherPrivilegesAreNot() {
        assertEquals(0, mmu.system.load64(PAGE + 1));
        assertEquals(FRAME + 1, mmu.translateExecute(PAGE + 1));
        mmu.setContext(false, false, true);
        assertEquals(0, mmu.load64(PAGE + 1));
        machine.user();
        assertEquals(0, mmu.load64(PAGE + 1));
    }
}
