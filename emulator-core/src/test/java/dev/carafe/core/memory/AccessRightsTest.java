package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.FETCH;
import static dev.carafe.core.memory.TestMachine.NX;
import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.PD;
import static dev.carafe.core.memory.TestMachine.PRESENT;
import static dev.carafe.core.memory.TestMachine.PT;
import static dev.carafe.core.memory.TestMachine.U;
import static dev.carafe.core.memory.TestMachine.USER;
import static dev.carafe.core.memory.TestMachine.W;
import static dev.carafe.core.memory.TestMachine.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.memory.TestMachine.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may do what (SDM Vol. 3A, "Determination of Access Rights", "Page-Fault Exceptions"). */
class AccessRightsTest {
    private static final long PAGE = 0x5000;
    private static final long FRAME = 0x10_0000;

    private final TestMachine machine = new TestMachine().fourLevel();
    private final Mmu mmu = machine.mmu;

    @AfterEach
    void release() {
        machine.close();
    }

    @Test
    void absentPagesFaultWithTheAccessInTheErrorCode() {
        machine.assertPageFault(0, PAGE + 3, () -> mmu.load8(PAGE + 3));
        machine.assertPageFault(WRITE, PAGE, () -> mmu.store8(PAGE, 1));
        machine.user();
        machine.assertPageFault(USER, PAGE, () -> mmu.load8(PAGE));
        machine.assertPageFault(USER | WRITE, PAGE, () -> mmu.store8(PAGE, 1));
    }

    @Test
    void theUserReachesUserPagesOnly() {
        machine.map(PAGE, P | W | FRAME);
        machine.user();

        machine.assertPageFault(PRESENT | USER, PAGE, () -> mmu.load8(PAGE));
        machine.assertPageFault(PRESENT | USER | WRITE, PAGE, () -> mmu.store8(PAGE, 1));
        machine.assertPageFault(PRESENT | USER | FETCH, PAGE, () -> mmu.translateExecute(PAGE));
    }

    @Test
    void everyTableMustAllowTheUserAndTheStore() {
        machine.map(PAGE, P | W | U | FRAME);
        machine.put(PD, P | W | PT);
        machine.user();
        machine.assertPageFault(PRESENT | USER, PAGE, () -> mmu.load8(PAGE));

        machine.put(PD, P | U | PT);
        assertEquals(0, mmu.load8(PAGE));
        machine.assertPageFault(PRESENT | USER | WRITE, PAGE, () -> mmu.store8(PAGE, 1));
    }

    @Test
    void aTranslationOfTheSupervisorIsNoneOfTheUser() {
        machine.map(PAGE, P | W | FRAME);
        mmu.store8(PAGE, 1);
        machine.user();

        machine.assertPageFault(PRESENT | USER, PAGE, () -> mmu.load8(PAGE));
        mmu.setContext(false, false, false);
        assertEquals(1, mmu.load8(PAGE));
    }

    @Test
    void writeProtectBindsTheSupervisorToo() {
        machine.map(PAGE, P | U | FRAME);
        machine.assertPageFault(PRESENT | WRITE, PAGE, () -> mmu.store8(PAGE, 1));

        mmu.configure(new Mode().longMode().withoutWriteProtect().context(), true);
        mmu.store8(PAGE, 7);
        assertEquals(7, mmu.load8(PAGE));
        machine.user();
        machine.assertPageFault(PRESENT | WRITE | USER, PAGE, () -> mmu.store8(PAGE, 1));
    }

    @Test
    void readableIsNotWritable() {
        machine.map(PAGE, P | FRAME);
        assertEquals(0, mmu.load64(PAGE));

        machine.assertPageFault(PRESENT | WRITE, PAGE, () -> mmu.store64(PAGE, 1));
        machine.assertPageFault(PRESENT | WRITE, PAGE, () -> mmu.writeOffset(PAGE, 8));
        machine.assertPageFault(PRESENT | WRITE, PAGE, () -> mmu.locked.begin(PAGE, 8));
        machine.assertPageFault(PRESENT | WRITE, PAGE, () -> mmu.locked.begin16(PAGE));
        machine.assertPageFault(PRESENT | WRITE, PAGE, () -> mmu.checkWrite(PAGE, 512));
    }

    @Test
    void moreRightsInTheTablesCountWithoutInvlpg() {
        machine.map(PAGE, P | FRAME);
        mmu.load8(PAGE);
        machine.map(PAGE, P | W | FRAME);
        mmu.store8(PAGE, 3);

        assertEquals(3, machine.bus.read(FRAME, 1));
    }

    @Test
    void moreRightsInUpperTablesCountWithoutInvlpgToo() {
        machine.map(PAGE, P | W | U | FRAME);
        machine.put(TestMachine.PD, P | U | TestMachine.PT);
        mmu.load8(PAGE);
        machine.put(TestMachine.PD, P | W | U | TestMachine.PT);
        mmu.store8(PAGE, 3);

        assertEquals(3, machine.bus.read(FRAME, 1));
    }

    @Test
    void executeDisableForbidsFetchesOnly() {
        machine.map(PAGE, P | W | U | NX | FRAME);

        assertEquals(0, mmu.load8(PAGE));
        machine.assertPageFault(PRESENT | FETCH, PAGE + 1, () -> mmu.translateExecute(PAGE + 1));
        machine.user();
        machine.assertPageFault(PRESENT | FETCH | USER, PAGE, () -> mmu.translateExecute(PAGE));
    }

    @Test
    void executeDisableInATableCoversWhatLiesBelow() {
        machine.map(PAGE, P | W | FRAME);
        machine.put(PD, P | W | U | NX | PT);

        machine.assertPageFault(PRESENT | FETCH, PAGE, () -> mmu.translateExecute(PAGE));
    }

    @Test
    void smepForbidsTheSupervisorToFetchFromUserPages() {
        machine.map(PAGE, P | W | U | FRAME);
        assertEquals(FRAME, mmu.translateExecute(PAGE));
        mmu.configure(new Mode().longMode().smep().context(), true);

        machine.assertPageFault(PRESENT | FETCH, PAGE, () -> mmu.translateExecute(PAGE));
        assertEquals(0, mmu.load8(PAGE), "data is not its business");
        machine.user();
        assertEquals(FRAME, mmu.translateExecute(PAGE));
    }

    @Test
    void smapForbidsTheSupervisorUserDataUnlessAcIsSet() {
        machine.map(PAGE, P | W | U | FRAME);
        mmu.configure(new Mode().longMode().smap().context(), true);
        machine.assertPageFault(PRESENT, PAGE, () -> mmu.load8(PAGE));
        machine.assertPageFault(PRESENT | WRITE, PAGE, () -> mmu.store8(PAGE, 1));

        mmu.setContext(false, true, false);
        mmu.store8(PAGE, 9);
        assertEquals(9, mmu.load8(PAGE));
        machine.assertPageFault(PRESENT, PAGE, () -> mmu.system.load8(PAGE));

        mmu.setContext(false, false, false);
        machine.assertPageFault(PRESENT, PAGE, () -> mmu.load8(PAGE));
        machine.user();
        assertEquals(9, mmu.load8(PAGE));
    }

    @Test
    void implicitAccessesAreTheSupervisorsWhateverTheCpl() {
        machine.map(PAGE, P | W | FRAME);
        machine.user();
        mmu.system.store64(PAGE, 0x0102030405060708L);

        assertEquals(0x0102030405060708L, mmu.system.load64(PAGE));
        assertEquals(0x05060708L, mmu.system.load32(PAGE));
        assertEquals(0x0708L, mmu.system.load16(PAGE));
        assertEquals(0x08L, mmu.system.load8(PAGE));
        machine.assertPageFault(0, 0x6000, () -> mmu.system.load8(0x6000));
    }

    @Test
    void addressesThatAreNotCanonicalRaiseGeneralProtection() {
        TestMachine.assertGeneralProtection(() -> mmu.load8(1L << 47));
        TestMachine.assertGeneralProtection(() -> mmu.store64(0x8000_0000_0000_0000L, 1));
        TestMachine.assertGeneralProtection(() -> mmu.load8(0xFFFF_7FFF_FFFF_FFFFL));
        TestMachine.assertGeneralProtection(() -> mmu.translateExecute(1L << 62));
        TestMachine.assertGeneralProtection(() -> mmu.locked.begin(1L << 50, 4));
        TestMachine.assertGeneralProtection(() -> mmu.load16(0x7FFF_FFFF_FFFFL));
    }

    @Test
    void aNonCanonicalAddressNeverHitsWhatItsLowBitsWouldFind() {
        machine.map(PAGE, P | W | FRAME);
        mmu.store8(PAGE, 1);

        TestMachine.assertGeneralProtection(() -> mmu.load8(PAGE | 1L << 52));
    }
}
