package dev.carafe.core.isa.system;

import static dev.carafe.core.cpu.TestMachine.*;
import static dev.carafe.core.fault.ExceptionVector.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.MachineCode;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.fault.CpuFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** POPF, descriptor-table registers, SYSENTER, port permissions, selector checks and FXSAVE. */
class SystemInstructionsTest {
    private static final long AREA = 0x6000;
    private static final String AT_AREA =
            " 04 25 00 60 00 00"; // ModRM with /0, SIB, disp32: [6000h]

    @ParameterizedTest(name = "CPL {0}, IOPL {1}")
    @CsvSource({"0, 0, 3602", "3, 0, 402", "3, 3, 3602"})
    void popfChangesIfByIoplAndIoplByLevel0(int privilege, int iopl, String expected) {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            if (privilege == 3) {
                machine.enterUser();
            }
            cpu.setRflags((long) iopl << Rflags.IOPL_SHIFT | Flags.CF);
            machine.put64(STACK, 0x3600L | Rflags.RF | Rflags.VM);
            FlagOps.popFlags(cpu, MachineCode.at(cpu, "9D"));
            assertEquals(Long.parseLong(expected, 16), cpu.rflags());
            assertEquals(STACK + 8, cpu.regs[Registers.RSP]);
        }
    }

    @Test
    void ltrMakesTheTssBusyAndRejectsABusyOne() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            machine.put64(GDT + 0x38, 0xFFFF_8000L);
            cpu.regs[Registers.RAX] = TSS_SELECTOR;
            DescriptorTables.loadTask(cpu, MachineCode.at(cpu, "0F 00 D8"));
            assertEquals(0xFFFF_8000_0000_0000L | TSS, cpu.system.tr.base());
            assertEquals(0x8B, machine.get64(GDT + 0x30) >>> 40 & 0xFF);
            CpuFault fault =
                    assertThrows(
                            CpuFault.class,
                            () -> DescriptorTables.loadTask(cpu, MachineCode.at(cpu, "0F 00 D8")));
            assertEquals(GENERAL_PROTECTION, fault.vector());
            assertEquals(TSS_SELECTOR, fault.errorCode());
        }
    }

    @Test
    void lgdtTakesTenBytesIn64BitCodeAndAsksForLevel0() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            machine.put16(AREA, 0x1FF);
            machine.put64(AREA + 2, 0xFFFF_9000_0000_1000L);
            DescriptorTables.loadGlobal(cpu, MachineCode.at(cpu, "0F 01 14 25 00 60 00 00"));
            assertEquals(0x1FF, cpu.system.gdtr.limit());
            assertEquals(0xFFFF_9000_0000_1000L, cpu.system.gdtr.base());
            machine.put64(AREA + 2, 1L << 56); // 57 bits are what the processor has
            assertThrows(
                    CpuFault.class,
                    () ->
                            DescriptorTables.loadGlobal(
                                    cpu, MachineCode.at(cpu, "0F 01 14 25 00 60 00 00")));
            cpu.cpl = 3;
            CpuFault fault =
                    assertThrows(
                            CpuFault.class,
                            () ->
                                    DescriptorTables.loadInterrupt(
                                            cpu, MachineCode.at(cpu, "0F 01 1C 25 00 60 00 00")));
            assertEquals(GENERAL_PROTECTION, fault.vector());
        }
    }

    @Test
    void sysenterEntersLevel0AndSysexitComesBack() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            machine.enterUser();
            cpu.system.sysenterCs = KERNEL_CODE;
            cpu.system.sysenterEsp = RSP0;
            cpu.system.sysenterEip = 0xFFFF_8000_0000_0000L;
            cpu.setRflags(Rflags.IF | Flags.ZF);
            SyscallOps.sysenter(cpu, MachineCode.at(cpu, "0F 34"));
            assertEquals(0xFFFF_8000_0000_0000L, cpu.nextRip);
            assertEquals(RSP0, cpu.regs[Registers.RSP]);
            assertEquals(0, cpu.cpl);
            assertEquals(Flags.ZF | Rflags.FIXED, cpu.rflags());

            cpu.regs[Registers.RDX] = CODE;
            cpu.regs[Registers.RCX] = STACK;
            SyscallOps.sysexit(cpu, MachineCode.at(cpu, "48 0F 35"));
            assertEquals(CODE, cpu.nextRip);
            assertEquals(STACK, cpu.regs[Registers.RSP]);
            assertEquals(KERNEL_CODE + 32 | 3, cpu.segments.selector[Segments.CS]);
            assertEquals(KERNEL_CODE + 40 | 3, cpu.segments.selector[Segments.SS]);
            assertEquals(3, cpu.cpl);
        }
    }

    @Test
    void sysenterWithoutASelectorIsGp0() {
        try (TestMachine machine = TestMachine.longMode()) {
            CpuFault fault =
                    assertThrows(
                            CpuFault.class,
                            () ->
                                    SyscallOps.sysenter(
                                            machine.cpu, MachineCode.at(machine.cpu, "0F 34")));
            assertEquals(GENERAL_PROTECTION, fault.vector());
        }
    }

    @ParameterizedTest(name = "port {0}, {1} bytes: {2}")
    @CsvSource({
        "0x3F8, 1, true",
        "0x3F9, 1, false",
        "0x3F8, 2, false",
        "0x3F7, 1, true",
        "0x407, 2, false"
    })
    void theIoPermissionBitMapOfTheTssDecides(String port, int size, boolean allowed) {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.system.tr =
                    new SystemSegment(
                            TSS_SELECTOR,
                            TSS,
                            0x68 + 0x80,
                            0x8B); // ports 0 to 3FFh, and a byte of ones
            machine.put16(TSS + 0x66, 0x68);
            machine.put16(TSS + 0x68 + 0x7F, 0xFF02);
            machine.enterUser();
            Runnable check = () -> PortOps.checkPermission(cpu, Integer.decode(port), size);
            if (allowed) {
                check.run();
            } else {
                CpuFault fault = assertThrows(CpuFault.class, check::run);
                assertEquals(GENERAL_PROTECTION, fault.vector());
            }
        }
    }

    @ParameterizedTest(name = "selector {0}")
    @CsvSource({
        "10, true, CF9300, FFFFFFFF, true, true", "08, true, AF9B00, FFFFFFFF, true, false",
                "30, true, 8900, 67, false, false",
        "13, false, 0, 0, false, false", "00, false, 0, 0, false, false",
                "78, false, 0, 0, false, false",
    })
    void larLslVerrAndVerwTellInZfWhatASelectorAllows(
            String selector,
            boolean valid,
            String rights,
            String limit,
            boolean readable,
            boolean writable) {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.regs[Registers.RDX] = 0; // the processor signature after reset
            cpu.regs[Registers.RCX] = Long.parseLong(selector, 16);
            SelectorChecks.loadAccessRights(cpu, MachineCode.at(cpu, "0F 02 C1"));
            assertEquals(valid, cpu.flags.zero());
            assertEquals(Long.parseLong(rights, 16) & 0xF0FFFF, cpu.regs[Registers.RAX] & 0xF0FFFF);
            SelectorChecks.loadSegmentLimit(cpu, MachineCode.at(cpu, "0F 03 D1"));
            assertEquals(valid, cpu.flags.zero());
            assertEquals(Long.parseLong(limit, 16), cpu.regs[Registers.RDX]);
            SelectorChecks.verifyRead(cpu, MachineCode.at(cpu, "0F 00 E1"));
            assertEquals(readable, cpu.flags.zero());
            SelectorChecks.verifyWrite(cpu, MachineCode.at(cpu, "0F 00 E9"));
            assertEquals(writable, cpu.flags.zero());
        }
    }

    @Test
    void fxsaveAndFxrstorCarryMxcsrAndVectorsOnceTheSystemKnowsThem() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.control.writeCr4(cpu.control.cr4() | ControlBits.CR4_OSFXSR);
            cpu.mxcsr.set(0x1FA0);
            cpu.xmm[15 * Cpu.VECTOR_STRIDE + 1] = 0x1234_5678_9ABC_DEF0L;
            FpuState.save(cpu, MachineCode.at(cpu, "0F AE" + AT_AREA));
            assertEquals(0x1FA0, machine.get32(AREA + 24));
            assertEquals(0x1234_5678_9ABC_DEF0L, machine.get64(AREA + 160 + 15 * 16 + 8));

            cpu.mxcsr.set(0x1F80);
            cpu.xmm[15 * Cpu.VECTOR_STRIDE + 1] = 0;
            FpuState.restore(cpu, MachineCode.at(cpu, "0F AE 0C 25 00 60 00 00"));
            assertEquals(0x1FA0, cpu.mxcsr.get());
            assertEquals(0x1234_5678_9ABC_DEF0L, cpu.xmm[15 * Cpu.VECTOR_STRIDE + 1]);

            machine.put32(AREA + 24, 0x1_0000);
            CpuFault fault =
                    assertThrows(
                            CpuFault.class,
                            () ->
                                    FpuState.restore(
                                            cpu, MachineCode.at(cpu, "0F AE 0C 25 00 60 00 00")));
            assertEquals(GENERAL_PROTECTION, fault.vector());
            fault =
                    assertThrows(
                            CpuFault.class,
                            () ->
                                    FpuState.save(
                                            cpu, MachineCode.at(cpu, "0F AE 04 25 08 60 00 00")));
            assertEquals(GENERAL_PROTECTION, fault.vector(), "not aligned to 16");
        }
    }

    @Test
    void clearingFlagsLeavesTheOthersAlone() {
        try (TestMachine machine = TestMachine.reset()) {
            Cpu cpu = machine.cpu;
            cpu.setRflags(Flags.STATUS | Rflags.DF | Rflags.IF);
            cpu.clearFlags(Rflags.IF);
            assertEquals(Flags.STATUS | Rflags.DF | Rflags.FIXED, cpu.rflags());
            cpu.clearFlags(Flags.CF | Flags.ZF);
            assertFalse(cpu.flags.carry());
            assertTrue(cpu.flags.sign());
            assertEquals(
                    Flags.STATUS & ~(Flags.CF | Flags.ZF) | Rflags.DF | Rflags.FIXED, cpu.rflags());
        }
    }
}
