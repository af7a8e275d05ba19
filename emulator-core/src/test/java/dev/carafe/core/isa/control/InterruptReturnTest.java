package dev.carafe.core.isa.control;

import static dev.carafe.core.cpu.TestMachine.*;
import static dev.carafe.core.fault.ExceptionVector.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Operation;
import org.junit.jupiter.api.Test;

/** IRET in its modes, and far returns. */
class InterruptReturnTest {
    private static void frame64(
            TestMachine machine, long rip, int cs, long flags, long rsp, int ss) {
        long[] frame = {rip, cs, flags, rsp, ss};
        for (int i = 0; i < frame.length; i++) {
            machine.put64(STACK + 8 * i, frame[i]);
        }
    }

    private static void iret(TestMachine machine, Width width) {
        Operation operation =
                width.size() == 8
                        ? Operation.IRETQ
                        : width.size() == 4 ? Operation.IRETD : Operation.IRET;
        InterruptReturn.interruptReturn(machine.cpu, machine.plain(operation, width));
    }

    @Test
    void iretqReturnsToUserCodeWithItsStackAndFlags() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.nmiBlocked = true;
            frame64(machine, 0x6000, USER_CODE, 0x13202, 0x7FF0, USER_DATA);
            iret(machine, Width.W64);

            assertEquals(0x6000, cpu.nextRip);
            assertEquals(3, cpu.cpl);
            assertEquals(0x7FF0, cpu.regs[Registers.RSP]);
            assertEquals(0x13202, cpu.rflags(), "level 0 may set IOPL, IF and RF");
            assertEquals(0, cpu.segments.selector[Segments.DS], "level-0 data is dropped");
            assertFalse(cpu.nmiBlocked);
        }
    }

    @Test
    void iretqFromUserCodeCannotChangeIoplOrIf() {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.enterUser();
            frame64(machine, 0x6000, USER_CODE, 0x3202 | Rflags.VM, 0x7FF0, USER_DATA);
            iret(machine, Width.W64);
            assertEquals(2, machine.cpu.rflags());
        }
    }

    @Test
    void iretqToAMoreTrustedLevelOrAMissingSegmentFaultsWithTheSelector() {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.enterUser();
            frame64(machine, 0x6000, KERNEL_CODE, 2, 0x7FF0, KERNEL_DATA);
            CpuFault fault = assertThrows(CpuFault.class, () -> iret(machine, Width.W64));
            assertEquals(GENERAL_PROTECTION, fault.vector());
            assertEquals(KERNEL_CODE, fault.errorCode());
            machine.put64(GDT + 0x28, descriptor(0x7B, 0xAF));
            frame64(machine, 0x6000, USER_CODE, 2, 0x7FF0, USER_DATA);
            fault = assertThrows(CpuFault.class, () -> iret(machine, Width.W64));
            assertEquals(SEGMENT_NOT_PRESENT, fault.vector());
            assertEquals(0x28, fault.errorCode());
            assertEquals(STACK, machine.cpu.regs[Registers.RSP], "nothing has changed");
        }
    }

    @Test
    void iretWithNestedTaskInLongModeIsGp0() {
        try (TestMachine machine = TestMachine.longMode()) {
            machine.cpu.setRflags(Rflags.NT);
            CpuFault fault = assertThrows(CpuFault.class, () -> iret(machine, Width.W64));
            assertEquals(GENERAL_PROTECTION, fault.vector());
            assertEquals(0, fault.errorCode());
        }
    }

    @Test
    void iretdEntersVirtual8086Mode() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            long[] frame = {0x100, 0x200, 0x20202, 0x400, 0x300, 0x11, 0x22, 0x33, 0x44};
            for (int i = 0; i < frame.length; i++) {
                machine.put32(STACK + 4 * i, frame[i]);
            }
            iret(machine, Width.W32);
            Cpu cpu = machine.cpu;
            assertTrue(cpu.virtual8086());
            assertEquals(3, cpu.cpl);
            assertEquals(0x2000, cpu.segments.base(Segments.CS));
            assertEquals(0x3000, cpu.segments.base(Segments.SS));
            assertEquals(0x440, cpu.segments.base(Segments.GS));
            assertEquals(0x100, cpu.nextRip);
        }
    }

    @Test
    void realModeIretTakesThreeWords() {
        try (TestMachine machine = TestMachine.reset()) {
            Cpu cpu = machine.cpu;
            cpu.regs[Registers.RSP] = 0x8000;
            machine.put16(0x8000, 0x10);
            machine.put16(0x8002, 0x1000);
            machine.put16(0x8004, 0x3202);
            iret(machine, Width.W16);
            assertEquals(0x10, cpu.nextRip);
            assertEquals(0x10000, cpu.segments.base(Segments.CS));
            assertEquals(0x3202, cpu.rflags());
            assertEquals(0x8006, cpu.regs[Registers.RSP]);
        }
    }

    @Test
    void aFarReturnToAnOuterLevelTakesItsStack() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            long[] frame = {0x6000, USER_CODE, 0x7000, USER_DATA};
            for (int i = 0; i < frame.length; i++) {
                machine.put64(STACK + 8 * i, frame[i]);
            }
            FarTransfers.ret(cpu, machine.plain(Operation.RET_FAR, Width.W64));
            assertEquals(0x6000, cpu.nextRip);
            assertEquals(3, cpu.cpl);
            assertEquals(0x7000, cpu.regs[Registers.RSP]);
        }
    }
}
