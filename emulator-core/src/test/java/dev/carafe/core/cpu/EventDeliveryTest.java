package dev.carafe.core.cpu;

import static dev.carafe.core.cpu.TestMachine.*;
import static dev.carafe.core.fault.ExceptionVector.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames, stack switches and escalation of "Interrupt and Exception Handling". */
class EventDeliveryTest {
    private static final int INTERRUPT_GATE = 0xE;
    private static final int TRAP_GATE = 0xF;
    private static final int DPL3 = 0x60;
    private static final long HANDLER = 0x7000;

    @Test
    void onlyAnInterruptCanBeMasked() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.setRflags(0);
            assertTrue(cpu.undisturbed());
            for (int bit = 0; bit < Integer.SIZE; bit++) {
                cpu.events.raise(1 << bit);
                assertEquals(1 << bit == Events.INTERRUPT, cpu.undisturbed(), "masked: bit " + bit);
                cpu.events.raise(Events.INTERRUPT);
                assertEquals(1 << bit == Events.INTERRUPT, cpu.undisturbed(), "both: bit " + bit);
                cpu.events.clear(-1);
            }
            cpu.setRflags(Rflags.IF);
            assertTrue(cpu.undisturbed());
            cpu.events.raise(Events.INTERRUPT);
            assertFalse(cpu.undisturbed());
        }
    }

    @Test
    void aFaultInUserCodePushesSixQuadwordsOnRsp0() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            machine.gate64(PAGE_FAULT, INTERRUPT_GATE, 0, 0xFFFF_8000_0000_7000L);
            machine.put64(TSS + 4, RSP0 + 8);
            machine.enterUser();
            cpu.setRflags(Rflags.IF | Flags.CF | Rflags.TF);
            EventDelivery.fault(cpu, CpuFault.pageFault(6, 0x1234));

            assertEquals(0xFFFF_8000_0000_7000L, cpu.rip);
            assertEquals(0, cpu.cpl);
            assertEquals(0x1234, cpu.control.cr2());
            assertEquals(KERNEL_CODE, cpu.segments.selector[Segments.CS]);
            assertEquals(
                    0, cpu.segments.selector[Segments.SS], "null SS after a switch to level 0");
            assertEquals(RSP0 - 48, cpu.regs[Registers.RSP], "aligned down to 16 first");
            assertEquals(6, machine.get64(RSP0 - 48), "error code");
            assertEquals(CODE, machine.get64(RSP0 - 40));
            assertEquals(USER_CODE, machine.get64(RSP0 - 32));
            assertEquals(0x10303, machine.get64(RSP0 - 24), "RF is set in the image of a fault");
            assertEquals(STACK, machine.get64(RSP0 - 16));
            assertEquals(USER_DATA, machine.get64(RSP0 - 8));
            assertEquals(0x3, cpu.rflags(), "IF and TF cleared");
        }
    }

    @Test
    void anIstStackIsUsedEvenAtTheSameLevelAndSsStays() {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.gate64(NMI, INTERRUPT_GATE, 1, HANDLER);
            machine.put64(TSS + 36, IST1);
            EventDelivery.nmi(machine.cpu);

            assertEquals(IST1 - 40, machine.cpu.regs[Registers.RSP]);
            assertEquals(KERNEL_DATA, machine.cpu.segments.selector[Segments.SS]);
            assertTrue(machine.cpu.nmiBlocked);
            machine.cpu.events.nmi();
            assertFalse(EventDelivery.takePending(machine.cpu), "a second NMI waits for IRET");
        }
    }

    @Test
    void twoNmisThatComeTogetherAreBothDeliveredAndNoMore() {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.gate64(NMI, INTERRUPT_GATE, 1, HANDLER);
            machine.put64(TSS + 36, IST1);
            for (int i = 0; i < 3; i++) {
                machine.cpu.events.nmi();
            }
            assertTrue(EventDelivery.takePending(machine.cpu));
            machine.cpu.nmiBlocked = false;
            assertTrue(EventDelivery.takePending(machine.cpu), "the second");
            machine.cpu.nmiBlocked = false;
            assertFalse(EventDelivery.takePending(machine.cpu), "the third is lost");
        }
    }

    @Test
    void anNmiWaitsForTheEndOfTheShadowOfSti() {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.gate64(NMI, INTERRUPT_GATE, 1, HANDLER);
            machine.put64(TSS + 36, IST1);
            machine.cpu.shadow = InterruptShadow.STI;
            machine.cpu.events.nmi();
            assertFalse(EventDelivery.takePending(machine.cpu));
            machine.cpu.shadow = InterruptShadow.NONE;
            assertTrue(EventDelivery.takePending(machine.cpu));
        }
    }

    @Test
    void aTrapGateKeepsIfAndSoftwareInterruptsReturnBehindThemselves() {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.gate64(0x80, TRAP_GATE, 0, HANDLER);
            machine.cpu.setRflags(Rflags.IF);
            EventDelivery.softwareInterrupt(machine.cpu, 0x80);

            assertTrue(machine.cpu.interruptsEnabled());
            assertEquals(CODE + 2, machine.get64(STACK - 40));
        }
    }

    @Test
    void intToAGateOfHigherPrivilegeIsGpWithTheEntryAndNoExt() {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.gate64(0x80, INTERRUPT_GATE, 0, HANDLER);
            machine.enterUser();
            CpuFault fault =
                    assertThrows(
                            CpuFault.class,
                            () -> EventDelivery.softwareInterrupt(machine.cpu, 0x80));

            assertEquals(GENERAL_PROTECTION, fault.vector());
            assertEquals(0x402, fault.errorCode());
            machine.gate64(0x80, INTERRUPT_GATE | DPL3, 0, HANDLER);
            machine.put64(TSS + 4, RSP0);
            EventDelivery.softwareInterrupt(machine.cpu, 0x80);
            assertEquals(HANDLER, machine.cpu.rip);
        }
    }

    @Test
    void protectedModePushesDoublewordsAndSwitchesStacksThroughTheTss() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            Cpu cpu = machine.cpu;
            machine.gate32(GENERAL_PROTECTION, INTERRUPT_GATE, HANDLER);
            machine.put32(TSS + 4, RSP0);
            machine.put16(TSS + 8, KERNEL_DATA);
            machine.enterUser();
            EventDelivery.fault(cpu, CpuFault.generalProtection(0x58));

            assertEquals(RSP0 - 24, cpu.regs[Registers.RSP]);
            assertEquals(0x58, machine.get32(RSP0 - 24));
            assertEquals(CODE, machine.get32(RSP0 - 20));
            assertEquals(USER_CODE, machine.get32(RSP0 - 16));
            assertEquals(0x10002, machine.get32(RSP0 - 12));
            assertEquals(STACK, machine.get32(RSP0 - 8));
            assertEquals(USER_DATA, machine.get32(RSP0 - 4));
            assertEquals(KERNEL_DATA, cpu.segments.selector[Segments.SS]);
            assertEquals(CodeMode.CODE32, cpu.control.codeMode());
        }
    }

    @Test
    void realModeUsesTheVectorTable() {
        try (TestMachine machine = TestMachine.reset()) {
            Cpu cpu = machine.cpu;
            machine.put16(0x21 * 4, 0x1234);
            machine.put16(0x21 * 4 + 2, 0x0100);
            cpu.segments.loadRealMode(Segments.CS, 0x200);
            cpu.regs[Registers.RSP] = 0x100;
            cpu.setRflags(Rflags.IF);
            cpu.nextRip = 0x42;
            EventDelivery.softwareInterrupt(cpu, 0x21);

            assertEquals(0x1234, cpu.rip);
            assertEquals(0x1000, cpu.segments.base(Segments.CS));
            assertEquals(0x42, machine.get16(0xFA));
            assertEquals(0x200, machine.get16(0xFC));
            assertEquals(0x202, machine.get16(0xFE));
            assertFalse(cpu.interruptsEnabled());
        }
    }

    /**
     * The second exception is #NP, since the first one's gate is not present; or #GP where it is
     * empty.
     */
    @ParameterizedTest(name = "{0} whose gate raises {1} ends in vector {2}")
    @CsvSource({
        "0, NP, 8",
        "10, NP, 8",
        "13, NP, 8",
        "14, NP, 8",
        "13, GP, 8",
        "6, NP, 11",
        "6, GP, 13",
        "1, GP, 13"
    })
    void exceptionsDuringDeliveryFollowTheManualsTable(int first, String second, int expected) {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.gate64(DOUBLE_FAULT, INTERRUPT_GATE, 0, 0x8_0000);
            machine.gate64(SEGMENT_NOT_PRESENT, INTERRUPT_GATE, 0, 0xB_0000);
            if (first != GENERAL_PROTECTION) {
                machine.gate64(GENERAL_PROTECTION, INTERRUPT_GATE, 0, 0xD_0000);
            }
            if (second.equals("NP")) {
                machine.put64(IDT + first * 16L, 0x0EL << 40);
            } else {
                machine.put64(IDT + first * 16L, 0);
            }
            CpuFault fault = first == PAGE_FAULT ? CpuFault.pageFault(0, 0) : CpuFault.of(first, 0);
            EventDelivery.fault(machine.cpu, fault);

            assertEquals((long) expected << 16, machine.cpu.rip);
            long errorCode = machine.get64(machine.cpu.regs[Registers.RSP]);
            assertEquals(
                    expected == DOUBLE_FAULT ? 0 : first << 3 | 3, errorCode, "IDT and EXT bits");
        }
    }

    @Test
    void anEmptyIdtIsATripleFaultThatTellsItsStory() {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.cpu.system.idtr = new TableRegister(0, 0);
            EventDelivery.fault(machine.cpu, CpuFault.invalidOpcode());

            assertEquals(Activity.SHUTDOWN, machine.cpu.activity);
            assertEquals(
                    "#UD at RIP 0x5000 could not be delivered: #GP(0x33), then #GP(0x6b), then #GP(0x43)",
                    machine.cpu.tripleFault.toString());
            assertEquals(CODE, machine.cpu.rip, "state is that of the first fault");
        }
    }

    @Test
    void aMaskableInterruptWaitsForIfAndTheShadow() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            machine.gate64(0x40, INTERRUPT_GATE, 0, HANDLER);
            machine.apic.vector = 0x40;
            cpu.events.interrupt(true);
            assertFalse(EventDelivery.takePending(cpu), "IF is clear");
            cpu.systemFlags |= Rflags.IF;
            cpu.shadow = InterruptShadow.STI;
            assertFalse(EventDelivery.takePending(cpu), "STI holds it for one instruction");
            cpu.shadow = InterruptShadow.NONE;
            cpu.activity = Activity.HALTED;
            assertTrue(EventDelivery.takePending(cpu));
            assertEquals(HANDLER, cpu.rip);
            assertEquals(Activity.RUNNING, cpu.activity);
        }
    }

    @Test
    void initKeepsTheTscAndSipiStartsAtItsPage() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.system.tscOffset = 7;
            cpu.xmm[0] = 5;
            cpu.mxcsr.set(0x1FA0);
            ResetState.init(cpu, Activity.WAIT_FOR_SIPI);

            assertEquals(0x10, cpu.control.cr0(), "CD and NW were clear and stay so");
            assertEquals(0, cpu.control.efer());
            assertEquals(0xFFF0, cpu.rip);
            assertEquals(0xFFFF_0000L, cpu.segments.base(Segments.CS));
            assertEquals(7, cpu.system.tscOffset);
            assertEquals(5, cpu.xmm[0]);
            assertEquals(0x1FA0, cpu.mxcsr.get());
            cpu.events.startup(0x9A);
            assertTrue(EventDelivery.takePending(cpu));
            assertEquals(0x9A00, cpu.segments.selector[Segments.CS]);
            assertEquals(0x9A000, cpu.segments.base(Segments.CS));
            assertEquals(0, cpu.rip);
            cpu.events.startup(0x10);
            assertFalse(EventDelivery.takePending(cpu), "a second SIPI is ignored");
            assertEquals(0x9A000, cpu.segments.base(Segments.CS));
            assertNull(cpu.tripleFault);
        }
    }
}
