package dev.carafe.core.isa.control;

import static dev.carafe.core.cpu.TestMachine.*;
import static dev.carafe.core.fault.ExceptionVector.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.ControlFlow;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.MachineCode;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import org.junit.jupiter.api.Test;

/** Far JMP and CALL, direct and through call gates; PUSHA and stack faults. */
class FarTransfersTest {
    private static final int GATE = 0x40;
    private static final long ALIAS = 0x20_0000;
    private static final String JMP_FAR_GATE = "EA 00 00 00 00 40 00";
    private static final String CALL_FAR_GATE = "9A 00 00 00 00 43 00";
    private static final String CALL_FAR_MEMORY = "FF 1C 25 00 60 00 00"; // CALL m16:32 at 6000h

    /** A call gate to {@code offset} in kernel code, open to level 3. */
    private static void gate(TestMachine machine, int parameters, long offset) {
        machine.put64(
                GDT + GATE,
                offset & 0xFFFF
                        | (long) KERNEL_CODE << 16
                        | (long) parameters << 32
                        | 0xECL << 40
                        | (offset & 0xFFFF_0000L) << 32);
    }

    @Test
    void aJumpThroughAGateTakesItsOffsetAndStaysAtItsLevel() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            Cpu cpu = machine.cpu;
            gate(machine, 0, 0x12345);
            FarTransfers.jump(cpu, MachineCode.at(cpu, JMP_FAR_GATE));
            assertEquals(0x12345, cpu.nextRip);
            assertEquals(KERNEL_CODE, cpu.segments.selector[Segments.CS]);
            assertEquals(STACK, cpu.regs[Registers.RSP], "nothing is pushed");
        }
    }

    @Test
    void aCallThroughAGateToLevel0CopiesParametersToTheStackOfTheTss() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            Cpu cpu = machine.cpu;
            gate(machine, 2, 0x7000);
            machine.put32(TSS + 4, RSP0);
            machine.put32(TSS + 8, KERNEL_DATA);
            machine.enterUser();
            machine.put32(STACK, 0x1111);
            machine.put32(STACK + 4, 0x2222);
            FarTransfers.call(cpu, MachineCode.at(cpu, CALL_FAR_GATE));

            assertEquals(0x7000, cpu.nextRip);
            assertEquals(0, cpu.cpl);
            assertEquals(KERNEL_DATA, cpu.segments.selector[Segments.SS]);
            assertEquals(RSP0 - 24, cpu.regs[Registers.RSP]);
            long[] frame = {CODE + 7, USER_CODE, 0x1111, 0x2222, STACK, USER_DATA};
            for (int i = 0; i < frame.length; i++) {
                assertEquals(frame[i], machine.get32(RSP0 - 24 + 4 * i), "double word " + i);
            }
        }
    }

    @Test
    void aCallThroughAGateIn64BitModePushesQuadwordsAndANullSs() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            gate(machine, 0, 0x7000);
            machine.put64(GDT + GATE + 8, 0xFFFF_8000L);
            machine.put64(TSS + 4, RSP0);
            machine.enterUser();
            machine.put32(0x6000, 0);
            machine.put16(0x6004, GATE | 3);
            FarTransfers.call(cpu, MachineCode.at(cpu, CALL_FAR_MEMORY));

            assertEquals(0xFFFF_8000_0000_7000L, cpu.nextRip);
            assertEquals(0, cpu.segments.selector[Segments.SS]);
            assertEquals(RSP0 - 32, cpu.regs[Registers.RSP]);
            long[] frame = {CODE + 7, USER_CODE, STACK, USER_DATA};
            for (int i = 0; i < frame.length; i++) {
                assertEquals(frame[i], machine.get64(RSP0 - 32 + 8 * i), "quadword " + i);
            }
        }
    }

    @Test
    void aCallThroughAGateEntersTheShadowStackOfTheInnerLevel() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            long token = withShadowStacks(machine);
            gate(machine, 0, 0x7000);
            machine.put64(GDT + GATE + 8, 0);
            machine.put64(TSS + 4, RSP0);
            machine.enterUser();
            cpu.flow.configure(true, ControlFlow.SHADOW_STACK);
            cpu.flow.ssp = 0x7FF8;
            machine.put32(0x6000, 0);
            machine.put16(0x6004, GATE | 3);
            FarTransfers.call(cpu, MachineCode.at(cpu, CALL_FAR_MEMORY));

            assertEquals(0x7000, cpu.nextRip);
            assertEquals(0x7FF8, cpu.flow.stack(3), "the user's SSP");
            assertEquals(token, cpu.flow.ssp);
            assertEquals(token | 1, machine.get64(token - ALIAS), "busy");
        }
    }

    @Test
    void aCallThroughAGateWhoseShadowStackIsBusyChangesNothing() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            long token = withShadowStacks(machine);
            machine.put64(token - ALIAS, token | 1);
            gate(machine, 0, 0x7000);
            machine.put64(GDT + GATE + 8, 0);
            machine.put64(TSS + 4, RSP0);
            machine.enterUser();
            machine.put32(0x6000, 0);
            machine.put16(0x6004, GATE | 3);
            long rsp = cpu.regs[Registers.RSP];
            CpuFault fault =
                    assertThrows(
                            CpuFault.class,
                            () -> FarTransfers.call(cpu, MachineCode.at(cpu, CALL_FAR_MEMORY)));

            assertEquals(13, fault.vector());
            assertEquals(rsp, cpu.regs[Registers.RSP]);
            assertEquals(3, cpu.cpl);
        }
    }

    /** Maps all memory once more as shadow stack; returns where level 0 has its token. */
    private static long withShadowStacks(TestMachine machine) {
        Cpu cpu = machine.cpu;
        long token = ALIAS + 0xDFF8;
        machine.put64(0x12008, 0xC1); // a dirty, read-only page of 2 MiB
        machine.put64(token - ALIAS, token);
        cpu.control.writeCr0(cpu.control.cr0() | ControlBits.CR0_WP);
        cpu.control.writeCr4(cpu.control.cr4() | ControlBits.CR4_CET);
        cpu.flow.configure(false, ControlFlow.SHADOW_STACK);
        cpu.flow.setStack(0, token);
        return token;
    }

    @Test
    void aGateThatIsMorePrivilegedThanTheCallerFaultsWithItsSelector() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            Cpu cpu = machine.cpu;
            gate(machine, 0, 0x7000);
            machine.put64(GDT + GATE, machine.get64(GDT + GATE) & ~(3L << 45));
            machine.enterUser();
            CpuFault fault =
                    assertThrows(
                            CpuFault.class,
                            () -> FarTransfers.call(cpu, MachineCode.at(cpu, CALL_FAR_GATE)));
            assertEquals(GENERAL_PROTECTION, fault.vector());
            assertEquals(GATE, fault.errorCode());
            assertEquals(3, cpu.cpl);
        }
    }

    @Test
    void aDirectJumpTo32BitCodeIsCompatibilityMode() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            machine.put64(GDT + 0x48, descriptor(0x9B, 0xCF));
            machine.put32(0x6000, 0x7000);
            machine.put16(0x6004, 0x48);
            FarTransfers.jump(cpu, MachineCode.at(cpu, "FF 2C 25 00 60 00 00"));
            assertEquals(CodeMode.CODE32, cpu.control.codeMode());
            assertEquals(0x7000, cpu.nextRip);
        }
    }

    @Test
    void pushaStoresTheOldPointerAndChangesNothingWhenItsFrameDoesNotFit() {
        try (TestMachine machine = TestMachine.protectedMode()) {
            Cpu cpu = machine.cpu;
            cpu.regs[Registers.RAX] = 0xAAAA;
            cpu.regs[Registers.RDI] = 0xDDDD;
            StackOps.pushAll(cpu, MachineCode.at(cpu, "60"));
            assertEquals(STACK - 32, cpu.regs[Registers.RSP]);
            assertEquals(0xAAAA, machine.get32(STACK - 4));
            assertEquals(STACK, machine.get32(STACK - 20));
            assertEquals(0xDDDD, machine.get32(STACK - 32));

            cpu.segments.limit[Segments.SS] = (int) STACK;
            cpu.regs[Registers.RSP] = STACK + 0x100;
            CpuFault fault =
                    assertThrows(
                            CpuFault.class, () -> StackOps.pushAll(cpu, MachineCode.at(cpu, "60")));
            assertEquals(STACK_FAULT, fault.vector());
            assertEquals(STACK + 0x100, cpu.regs[Registers.RSP]);
        }
    }

    @Test
    void aStackThatIsNotCanonicalIsAStackFaultAndAPageFaultStaysOne() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.regs[Registers.RSP] = 1L << 47;
            CpuFault fault = assertThrows(CpuFault.class, () -> Stack.pop(cpu, Width.W64));
            assertEquals(STACK_FAULT, fault.vector());
            assertEquals(0, fault.errorCode());
            assertEquals(1L << 47, cpu.regs[Registers.RSP]);
            cpu.regs[Registers.RSP] = 0x4000_0000;
            fault = assertThrows(CpuFault.class, () -> Stack.push(cpu, Width.W64, 1));
            assertEquals(PAGE_FAULT, fault.vector());
            assertEquals(0x4000_0000, cpu.regs[Registers.RSP]);
        }
    }
}
