package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.D;
import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.PRESENT;
import static dev.carafe.core.memory.TestMachine.U;
import static dev.carafe.core.memory.TestMachine.USER;
import static dev.carafe.core.memory.TestMachine.W;
import static dev.carafe.core.memory.TestMachine.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.memory.TestMachine.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SDM Vol. 3A, "Protection Keys": key 3 guards a page of the user and one of the supervisor. */
class ProtectionKeysTest {
    private static final int KEY = 1 << 5; // of a page-fault error code
    private static final long KEY_3 = 3L << 59;
    private static final int ACCESS_DISABLE_3 = 1 << 6;
    private static final int WRITE_DISABLE_3 = 2 << 6;
    private static final long USER_PAGE = 0x5000;
    private static final long SUPERVISOR_PAGE = 0x6000;
    private static final long FRAME = 0x10_0000;

    private final TestMachine machine = new TestMachine().fourLevel();
    private final Mmu mmu = machine.mmu;

    @BeforeEach
    void map() {
        machine.map(USER_PAGE, KEY_3 | P | W | U | FRAME);
        machine.map(SUPERVISOR_PAGE, KEY_3 | P | W | FRAME);
        mmu.configure(keys().context(), false);
    }

    private static Mode keys() {
        return new Mode().longMode().with(PagingControl.USER_KEYS, PagingControl.SUPERVISOR_KEYS);
    }

    @AfterEach
    void release() {
        machine.close();
    }

    @Test
    void accessDisableForbidsTheUsersDataButNotItsFetches() {
        machine.user();
        assertEquals(0, mmu.load8(USER_PAGE));
        mmu.setProtectionKeys(ACCESS_DISABLE_3, 0);

        machine.assertPageFault(PRESENT | USER | KEY, USER_PAGE, () -> mmu.load8(USER_PAGE));
        machine.assertPageFault(
                PRESENT | USER | WRITE | KEY, USER_PAGE, () -> mmu.store8(USER_PAGE, 1));
        assertEquals(FRAME, mmu.translateExecute(USER_PAGE));

        mmu.setProtectionKeys(0, 0);
        assertEquals(0, mmu.load8(USER_PAGE));
    }

    @Test
    void writeDisableForbidsStoresOnly() {
        machine.user();
        mmu.store8(USER_PAGE, 1);
        mmu.setProtectionKeys(WRITE_DISABLE_3, 0);

        assertEquals(1, mmu.load8(USER_PAGE));
        machine.assertPageFault(
                PRESENT | USER | WRITE | KEY, USER_PAGE, () -> mmu.store8(USER_PAGE, 2));
    }

    @Test
    void theKeyOfAUserPageBindsTheSupervisorToo() {
        mmu.setProtectionKeys(ACCESS_DISABLE_3, 0);
        machine.assertPageFault(PRESENT | KEY, USER_PAGE, () -> mmu.load8(USER_PAGE));
        machine.assertPageFault(PRESENT | KEY, USER_PAGE, () -> mmu.system.load8(USER_PAGE));
        assertEquals(0, mmu.load8(SUPERVISOR_PAGE), "IA32_PKRS allows it");
    }

    @Test
    void writeDisableBindsTheSupervisorOnlyWithWriteProtect() {
        mmu.setProtectionKeys(WRITE_DISABLE_3, WRITE_DISABLE_3);
        machine.assertPageFault(PRESENT | WRITE | KEY, USER_PAGE, () -> mmu.store8(USER_PAGE, 1));
        machine.assertPageFault(
                PRESENT | WRITE | KEY, SUPERVISOR_PAGE, () -> mmu.store8(SUPERVISOR_PAGE, 1));

        mmu.configure(keys().withoutWriteProtect().context(), false);
        mmu.store8(USER_PAGE, 1);
        mmu.store8(SUPERVISOR_PAGE, 2);
        machine.user();
        machine.assertPageFault(
                PRESENT | USER | WRITE | KEY, USER_PAGE, () -> mmu.store8(USER_PAGE, 1));
    }

    @Test
    void supervisorPagesFollowPkrs() {
        mmu.store8(SUPERVISOR_PAGE, 1);
        mmu.setProtectionKeys(0, ACCESS_DISABLE_3);

        machine.assertPageFault(PRESENT | KEY, SUPERVISOR_PAGE, () -> mmu.load8(SUPERVISOR_PAGE));
        assertEquals(1, mmu.load8(USER_PAGE), "PKRU allows it");
        assertEquals(FRAME, mmu.translateExecute(SUPERVISOR_PAGE));
    }

    @Test
    void otherKeysAreNotConcerned() {
        mmu.setProtectionKeys(~(ACCESS_DISABLE_3 | WRITE_DISABLE_3), 0);
        mmu.store8(USER_PAGE, 1);
        assertEquals(1, mmu.load8(USER_PAGE));
    }

    @Test
    void keysCountOnlyWhereTheirControlBitIsSet() {
        mmu.setProtectionKeys(ACCESS_DISABLE_3, ACCESS_DISABLE_3);
        mmu.configure(new Mode().longMode().context(), false);
        assertEquals(0, mmu.load8(USER_PAGE));
        assertEquals(0, mmu.load8(SUPERVISOR_PAGE));
    }

    @Test
    void theKeyIsReportedBesideOtherReasons() {
        machine.map(USER_PAGE, KEY_3 | P | U | FRAME);
        mmu.setProtectionKeys(WRITE_DISABLE_3, 0);
        machine.user();

        machine.assertPageFault(
                PRESENT | USER | WRITE | KEY, USER_PAGE, () -> mmu.store8(USER_PAGE, 1));
        machine.map(USER_PAGE, 0);
        machine.assertPageFault(USER | WRITE, USER_PAGE, () -> mmu.store8(USER_PAGE, 1));
    }

    @Test
    void aStoreThatAKeyForbidsDirtiesNothing() {
        mmu.setProtectionKeys(WRITE_DISABLE_3, 0);
        machine.user();
        machine.assertPageFault(
                PRESENT | USER | WRITE | KEY, USER_PAGE, () -> mmu.store8(USER_PAGE, 1));
        assertEquals(0, machine.entryOf(USER_PAGE) & D);
    }
}
