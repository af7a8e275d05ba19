package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.PML4;
import static dev.carafe.core.memory.TestMachine.U;
import static dev.carafe.core.memory.TestMachine.W;
import static dev.carafe.core.memory.TestMachine.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.memory.TestMachine.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SDM Vol. 3A, "Linear-Address Masking". */
class AddressMaskingTest {
    private static final long LAM_U57 = 1L << 61;
    private static final long LAM_U48 = 1L << 62;
    private static final long PAGE = 0x5000;
    private static final long FRAME = 0x10_0000;
    private static final long TAG_57 = 0x7E00_0000_0000_0000L;
    private static final long TAG_48 = 0x7FFF_0000_0000_0000L;

    private final TestMachine machine = new TestMachine().fourLevel();
    private final Mmu mmu = machine.mmu;

    AddressMaskingTest() {
        machine.map(PAGE, P | W | U | FRAME);
        machine.put(FRAME, 0x1234);
    }

    @AfterEach
    void release() {
        machine.close();
    }

    @Test
    void withoutItATagIsNotCanonical() {
        TestMachine.assertGeneralProtection(() -> mmu.load64(PAGE | TAG_57));
    }

    @Test
    void userAddressesOf57BitsCarrySixBits() {
        mmu.setRoot(LAM_U57 | PML4);
        assertEquals(0x1234, mmu.load64(PAGE | TAG_57));
        mmu.store64(PAGE | 1L << 61, 7);
        assertEquals(7, mmu.load64(PAGE));
        TestMachine.assertGeneralProtection(() -> mmu.load64(PAGE | 1L << 48));
        TestMachine.assertGeneralProtection(() -> mmu.load64(PAGE | TAG_57 | 1L << 56));
    }

    @Test
    void userAddressesOf48BitsCarryFifteen() {
        mmu.setRoot(LAM_U48 | PML4);
        assertEquals(0x1234, mmu.load64(PAGE | TAG_48));
        TestMachine.assertGeneralProtection(() -> mmu.load64(PAGE | 1L << 47));
        TestMachine.assertGeneralProtection(() -> mmu.load64(PAGE | TAG_48 | 1L << 47));
    }

    @Test
    void thePrivilegeDoesNotMatterButBit63Does() {
        mmu.setRoot(LAM_U48 | PML4);
        machine.user();
        assertEquals(0x1234, mmu.load64(PAGE | TAG_48));
        TestMachine.assertGeneralProtection(() -> mmu.load64(PAGE | 0xFF00_0000_0000_0000L));
    }

    @Test
    void supervisorAddressesAreMaskedByTheirOwnControlBit() {
        mmu.configure(
                new Mode().longMode().with(PagingControl.MASK_SUPERVISOR_ADDRESSES).context(),
                false);
        machine.put(PML4 + 511 * 8, P | W | U | TestMachine.PDPT);
        long page = 0xFFFF_FF80_0000_0000L | PAGE;
        assertEquals(0x1234, mmu.load64(page));
        assertEquals(0x1234, mmu.load64(page & ~TAG_48));
        TestMachine.assertGeneralProtection(() -> mmu.load64(page & ~(1L << 47)));
        TestMachine.assertGeneralProtection(() -> mmu.load64(PAGE | TAG_48));
    }

    @Test
    void fetchesAndSystemAccessesAreNotMasked() {
        mmu.setRoot(LAM_U48 | PML4);
        TestMachine.assertGeneralProtection(() -> mmu.translateExecute(PAGE | TAG_48));
        TestMachine.assertGeneralProtection(() -> mmu.system.load64(PAGE | TAG_48));
    }

    @Test
    void cr2HoldsTheMaskedAddress() {
        mmu.setRoot(LAM_U48 | PML4);
        machine.assertPageFault(0, 0x7008, () -> mmu.load64(0x7008 | TAG_48));
        machine.assertPageFault(WRITE, 0x7008, () -> mmu.store8(0x7008 | TAG_48, 1));
    }

    @Test
    void aTranslationThatASystemAccessMadeDoesNotEscapeTheMask() {
        mmu.configure(new Mode().fiveLevel().context(), false);
        long pml5 = 0x8000;
        machine.put(pml5, P | W | U | PML4);
        machine.put(pml5 + 8, P | W | U | PML4);
        machine.map(0x6000, P | W | 0x11_0000);
        mmu.setRoot(LAM_U48 | pml5);
        long other = 1L << 48 | PAGE; // canonical with 57 bits, metadata with 48
        machine.put(pml5 + 8, 0);
        machine.assertPageFault(0, other, () -> mmu.system.load64(other));
        machine.put(pml5 + 8, P | W | U | PML4);
        assertEquals(0x1234, mmu.system.load64(other));
        machine.put(FRAME, 0x77);
        assertEquals(0x77, mmu.load64(other), "as the address without metadata");
        assertEquals(0x77, mmu.load64(PAGE));
    }

    @Test
    void lockedAndBulkAccessesAreMaskedToo() {
        mmu.setRoot(LAM_U57 | PML4);
        long offset = mmu.locked.begin(PAGE | TAG_57, 8);
        assertEquals(0x1234, mmu.locked.load(offset, 8));
        assertEquals(offset, mmu.readOffset(PAGE | TAG_57, 8));
        assertEquals(offset, mmu.writeOffset(PAGE | TAG_57, 8));
    }
}
