package dev.carafe.core.memory;

import static dev.carafe.core.memory.TestMachine.A;
import static dev.carafe.core.memory.TestMachine.P;
import static dev.carafe.core.memory.TestMachine.PD;
import static dev.carafe.core.memory.TestMachine.PDPT;
import static dev.carafe.core.memory.TestMachine.PML4;
import static dev.carafe.core.memory.TestMachine.PRESENT;
import static dev.carafe.core.memory.TestMachine.PS;
import static dev.carafe.core.memory.TestMachine.PT;
import static dev.carafe.core.memory.TestMachine.RESERVED;
import static dev.carafe.core.memory.TestMachine.U;
import static dev.carafe.core.memory.TestMachine.W;
import static dev.carafe.core.memory.TestMachine.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.memory.TestMachine.Mode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What depends on CPUID, on the control registers' history, or on how a walk ends. */
class PagingFeaturesTest {
    private final TestMachine machine = new TestMachine();
    private final Mmu mmu = machine.mmu;

    @AfterEach
    void release() {
        machine.close();
    }

    @Test
    void gibibytePagesAreReservedWhereTheyAreNotOffered() {
        machine.fourLevel();
        machine.put(PDPT + 8, P | W | PS);
        assertEquals(P | W | U | A | PDPT, mmu.load64(0x4000_0000L + PML4));
        mmu.configure(new Mode().longMode().without(PagingControl.GIBIBYTE_PAGES).context(), false);
        machine.assertPageFault(PRESENT | RESERVED, 0x4000_0000L, () -> mmu.load8(0x4000_0000L));
    }

    @Test
    void withoutPse36TheUpperAddressBitsAreReserved() {
        machine.put32(PD, P | W | PS | 1 << 13);
        mmu.setRoot(PD);
        mmu.configure(new Mode().without(PagingControl.PSE_36).context(), false);
        machine.assertPageFault(PRESENT | RESERVED, 0x1000, () -> mmu.load8(0x1000));
        machine.put32(PD, P | W | PS);
        mmu.store8(0x1000, 5);
        assertEquals(5, machine.bus.read(0x1000, 1));
    }

    @Test
    void aFaultingWalkSetsNoAccessedFlagAlsoNotAboveItsEnd() {
        machine.fourLevel();
        machine.assertPageFault(0, 0x5000, () -> mmu.load8(0x5000));
        assertEquals(P | W | U | PDPT, machine.bus.read(PML4, 8));
        assertEquals(P | W | U | PD, machine.bus.read(PDPT, 8));
        assertEquals(P | W | U | PT, machine.bus.read(PD, 8));

        machine.put(PDPT + 8, P | PS | 1 << 29);
        machine.put(PML4, P | W | U | PDPT);
        machine.assertPageFault(PRESENT | RESERVED, 0x4000_0000L, () -> mmu.load8(0x4000_0000L));
        assertEquals(P | W | U | PDPT, machine.bus.read(PML4, 8));
        assertEquals(P | PS | 1 << 29, machine.bus.read(PDPT + 8, 8));
    }

    @Test
    void aForbiddenStoreMarksNeitherTablesNorThePage() {
        machine.fourLevel().map(0x5000, P | 0x10_0000);
        machine.assertPageFault(PRESENT | WRITE, 0x5000, () -> mmu.store8(0x5000, 1));
        assertEquals(P | W | U | PT, machine.bus.read(PD, 8));
        assertEquals(P | 0x10_0000, machine.entryOf(0x5000));
    }

    @Test
    void pageDirectoryPointersAreReadWhenToldToOnly() {
        long pointers = 0x6000;
        machine.put(pointers, P | PD);
        machine.put(PD, P | W | PT);
        machine.map(0x5000, P | W | 0x10_0000);
        mmu.setRoot(pointers);
        mmu.configure(new Mode().pae().context(), true);
        assertEquals(0, mmu.load8(0x5000));

        machine.put(pointers, 0);
        mmu.configure(new Mode().pae().withoutWriteProtect().context(), false);
        assertEquals(0, mmu.load8(0x5000), "CR0.WP does not read them");
        mmu.configure(new Mode().pae().context(), true);
        machine.assertPageFault(0, 0x5000, () -> mmu.load8(0x5000));
    }

    @Test
    void operandsOfCompatibilityModeGoOnAtZero() {
        machine.fourLevel();
        machine.map(0, P | W | 0x10_0000);
        machine.put(PDPT + 3 * 8, P | W | U | PD);
        machine.put(PD + 511 * 8, P | W | U | PT);
        machine.map(0x1F_F000, P | W | 0x11_0000); // also the last page below 4 GiB
        mmu.setWraps(true);
        mmu.store64(0xFFFF_FFFCL, 0x1111_2222_3333_4444L);
        assertEquals(0x3333_4444L, machine.bus.read(0x11_0FFC, 4));
        assertEquals(0x1111_2222L, machine.bus.read(0x10_0000, 4));
        assertEquals(0x1111_2222_3333_4444L, mmu.load64(0xFFFF_FFFCL));

        machine.assertPageFault(0, 0x1_0000_0000L, () -> mmu.system.load64(0xFFFF_FFFCL));
        mmu.setWraps(false);
        machine.assertPageFault(0, 0x1_0000_0000L, () -> mmu.load64(0xFFFF_FFFCL));
    }
}
