package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.D;
import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.PD;
import static dev.carafe.core.memory.TestMachine.PRESENT;
import static dev.carafe.core.memory.TestMachine.PT;
import static dev.carafe.core.memory.TestMachine.U;
import static dev.carafe.core.memory.TestMachine.USER;
import static dev.carafe.core.memory.TestMachine.W;
import static dev.carafe.core.memory.TestMachine.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SDM Vol. 3A, "Determination of Access Rights": shadow-stack accesses. */
class ShadowStackAccessTest {
    private static final int SHADOW_STACK = 1 << 6;
    private static final long PAGE = 0x5000;
    private static final long FRAME = 0x10_0000;

    private final TestMachine machine = new TestMachine().fourLevel();
    private final Mmu mmu = machine.mmu;
    private final ShadowStackAccess shadow = mmu.shadowStack;

    @AfterEach
    void release() {
        machine.close();
    }

    @Test
    void aDirtyPageThatIsNotWritableIsAShadowStack() {
        machine.map(PAGE, P | D | FRAME);
        shadow.store64(PAGE, false, 7);
        assertEquals(7, shadow.load64(PAGE, false));
        assertEquals(7, mmu.load64(PAGE), "ordinary loads may look");
        machine.assertPageFault(PRESENT | WRITE, PAGE, () -> mmu.store64(PAGE, 1));
        assertTrue(shadow.compareAndSet64(PAGE, false, 7, 9));
        assertFalse(shadow.compareAndSet64(PAGE, false, 7, 11));
        assertEquals(9, shadow.load64(PAGE, false));
    }

    @Test
    void otherPagesAreNone() {
        machine.map(PAGE, P | W | D | FRAME);
        machine.assertPageFault(PRESENT | SHADOW_STACK, PAGE, () -> shadow.load64(PAGE, false));
        machine.map(PAGE, P | FRAME);
        machine.assertPageFault(
                PRESENT | WRITE | SHADOW_STACK, PAGE, () -> shadow.store64(PAGE, false, 1));
        machine.map(PAGE, 0);
        machine.assertPageFault(SHADOW_STACK, PAGE, () -> shadow.load64(PAGE, false));
        machine.map(PAGE, P | D | FRAME);
        machine.put(PD, P | U | PT);
        machine.assertPageFault(PRESENT | SHADOW_STACK, PAGE, () -> shadow.load64(PAGE, false));
    }

    @Test
    void userAndSupervisorHaveTheirOwn() {
        machine.map(PAGE, P | D | FRAME);
        machine.assertPageFault(
                PRESENT | USER | SHADOW_STACK, PAGE, () -> shadow.load64(PAGE, true));
        machine.map(PAGE, P | U | D | FRAME);
        mmu.invalidatePage(PAGE);
        assertEquals(0, shadow.load64(PAGE, true));
        machine.assertPageFault(PRESENT | SHADOW_STACK, PAGE, () -> shadow.load64(PAGE, false));
        machine.assertPageFault(
                PRESENT | WRITE | SHADOW_STACK, PAGE, () -> shadow.checkWrite(PAGE, false, 8));
    }
}
