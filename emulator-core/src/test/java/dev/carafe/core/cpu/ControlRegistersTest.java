package dev.carafe.core.cpu;

import static dev.carafe.core.fault.ExceptionVector.GENERAL_PROTECTION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Rules of "Control Registers" and "IA-32e Mode Initialization". */
class ControlRegistersTest {
    private static void rejected(Executable write) {
        CpuFault fault = assertThrows(CpuFault.class, write);
        assertEquals(GENERAL_PROTECTION, fault.vector());
        assertEquals(0, fault.errorCode());
    }

    @Test
    void cr0CombinationsThatContradictAreRejected() {
        try (TestMachine machine = TestMachine.reset()) {
            ControlRegisters control = machine.cpu.control;
            rejected(() -> control.writeCr0(0x8000_0000L));
            rejected(() -> control.writeCr0(0x2000_0001L));
            rejected(() -> control.writeCr0(0x1_0000_0001L));
            assertEquals(0x6000_0010L, control.cr0(), "nothing has changed");
        }
    }

    @Test
    void longModeIsEnteredAndLeftInTheManualsOrder() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            ControlRegisters control = machine.cpu.control;
            control.writeEfer(ControlBits.EFER_LME);
            rejected(() -> control.writeCr0(0x8000_0011L)); // PAE is off
            control.writeCr4(ControlBits.CR4_PAE);
            control.writeCr0(0x8000_0011L);
            assertTrue(control.longMode());
            assertEquals(CodeMode.CODE32, control.codeMode(), "compatibility mode until CS.L");
            assertEquals(0x500, control.efer());
            rejected(() -> control.writeCr4(0));
            rejected(() -> control.writeEfer(0)); // LME while paging
            control.writeCr0(0x11);
            assertFalse(control.longMode());
            assertEquals(ControlBits.EFER_LME, control.efer());
        }
    }

    @Test
    void processContextsNeedLongModeAndContextZero() {
        try (TestMachine machine = TestMachine.longMode()) {
            ControlRegisters control = machine.cpu.control;
            long root = control.cr3();
            control.writeCr3(root | 5);
            rejected(() -> control.writeCr4(control.cr4() | ControlBits.CR4_PCIDE));
            rejected(() -> control.writeCr3(root | ControlBits.CR3_NO_FLUSH));
            control.writeCr3(root);
            control.writeCr4(control.cr4() | ControlBits.CR4_PCIDE);
            control.writeCr3(root | 5 | ControlBits.CR3_NO_FLUSH);
            assertEquals(root | 5, control.cr3(), "bit 63 is not kept");
            control.writeCr4(control.cr4() & ~ControlBits.CR4_PCIDE);
        }
        try (TestMachine machine = TestMachine.protectedMode()) {
            rejected(() -> machine.cpu.control.writeCr4(ControlBits.CR4_PCIDE));
        }
    }

    @Test
    void pagingCannotBeLeftWithProcessContexts() {
        try (TestMachine machine = TestMachine.longMode()) {
            ControlRegisters control = machine.cpu.control;
            control.writeCr4(control.cr4() | ControlBits.CR4_PCIDE);
            machine.cpu.segments.set(Segments.CS, 8, 0, -1, Descriptor.BIG);
            rejected(() -> control.writeCr0(0x11));
            control.writeCr4(control.cr4() & ~ControlBits.CR4_PCIDE);
            control.writeCr0(0x11);
            assertFalse(control.paging());
        }
    }

    @Test
    void theLevelsOfPagingDoNotChangeInLongMode() {
        try (TestMachine machine = TestMachine.longMode()) {
            ControlRegisters control = machine.cpu.control;
            rejected(() -> control.writeCr4(control.cr4() | ControlBits.CR4_LA57));
        }
        try (TestMachine machine = TestMachine.protectedMode()) {
            machine.cpu.control.writeCr4(ControlBits.CR4_LA57);
            assertTrue(machine.cpu.control.canonical(1L << 50));
            assertFalse(machine.cpu.control.canonical(1L << 56));
        }
    }

    @Test
    void maskingBitsOfCr3AreThoseOfTheFeature() {
        try (TestMachine machine = TestMachine.longMode()) {
            ControlRegisters control = machine.cpu.control;
            long masked = control.cr3() | ControlBits.CR3_LAM_U48 | ControlBits.CR3_LAM_U57;
            control.writeCr3(masked);
            assertEquals(masked, control.cr3());
            rejected(() -> control.writeCr3(1L << 60));
        }
    }

    @Test
    void protectionKeyRightsOfTheSupervisorHave32Bits() {
        try (TestMachine machine = TestMachine.longMode()) {
            ControlRegisters control = machine.cpu.control;
            rejected(() -> control.writePkrs(1L << 32));
            control.writePkrs(0xFFFF_FFFFL);
            assertEquals(-1, machine.cpu.system.pkrs);
        }
    }

    @Test
    void pagingCannotBeLeftFrom64BitCode() {
        try (TestMachine machine = TestMachine.longMode()) {
            assertEquals(CodeMode.CODE64, machine.cpu.control.codeMode());
            rejected(() -> machine.cpu.control.writeCr0(0x11));
            assertTrue(machine.cpu.control.longMode());
        }
    }

    @Test
    void reservedBitsAreRejected() {
        try (TestMachine machine = TestMachine.longMode()) {
            ControlRegisters control = machine.cpu.control;
            rejected(() -> control.writeCr4(0x20 | 1L << 31));
            rejected(() -> control.writeEfer(1 << 1));
            rejected(() -> control.writeCr3(1L << 40));
            rejected(() -> control.writeCr8(0x10));
            control.writeCr8(0xF);
            assertEquals(0xF, machine.apic.priority);
        }
    }

    @Test
    void paePointersWithReservedBitsAreRejectedBeforeAnythingChanges() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            ControlRegisters control = machine.cpu.control;
            machine.put64(0x20000, 1 | 1 << 1); // bit 1 of a present PDPTE is reserved
            control.writeCr4(ControlBits.CR4_PAE);
            control.writeCr3(0x20000);
            rejected(() -> control.writeCr0(0x8000_0011L));
            assertFalse(control.paging());
        }
    }

    @Test
    void modeKeyFollowsWhatDecodingDependsOn() {
        try (TestMachine machine = TestMachine.longMode()) {
            ControlRegisters control = machine.cpu.control;
            assertEquals(2 | ModeKey.X87, control.modeKey() & 0xF);
            control.writeCr4(0x20 | ControlBits.CR4_OSFXSR);
            assertEquals(2 | ModeKey.X87 | ModeKey.SSE, control.modeKey() & 0xF);
            control.writeCr0(control.cr0() | ControlBits.CR0_TS);
            assertEquals(2, control.modeKey() & 0xF);
            control.clearTaskSwitched();
            assertTrue(control.sseUsable());
        }
    }

    @Test
    void lmswCannotClearProtection() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            machine.cpu.control.loadMachineStatusWord(8);
            assertEquals(0x19, machine.cpu.control.cr0());
        }
    }
}
