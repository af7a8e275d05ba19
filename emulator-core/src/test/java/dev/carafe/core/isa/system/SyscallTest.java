package dev.carafe.core.isa.system;

import static dev.carafe.core.cpu.TestMachine.*;
import static dev.carafe.core.fault.ExceptionVector.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Operation;
import org.junit.jupiter.api.Test;

/** SYSCALL, SYSRET and MSR rules. */
class SyscallTest {
    private static final int STAR = 0xC000_0081;
    private static final int LSTAR = 0xC000_0082;

    @Test
    void syscallEntersLevel0AndSysretComesBack() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.control.writeEfer(cpu.control.efer() | ControlBits.EFER_SCE);
            Msrs.write(cpu, STAR, 0x001B_0008_0000_0000L);
            Msrs.write(cpu, LSTAR, 0xFFFF_8000_0000_0000L);
            Msrs.write(cpu, 0xC000_0084, Rflags.IF | Rflags.DF);
            machine.enterUser();
            cpu.setRflags(Rflags.IF | Rflags.DF | 1);
            SyscallOps.syscall(cpu, machine.plain(Operation.SYSCALL, Width.W64));

            assertEquals(0xFFFF_8000_0000_0000L, cpu.nextRip);
            assertEquals(CODE + 2, cpu.regs[Registers.RCX]);
            assertEquals(0x603, cpu.regs[Registers.R11]);
            assertEquals(3, cpu.rflags());
            assertEquals(0, cpu.cpl);
            assertEquals(0x08, cpu.segments.selector[Segments.CS]);
            assertEquals(0x10, cpu.segments.selector[Segments.SS]);

            SyscallOps.sysret(cpu, machine.plain(Operation.SYSRET, Width.W64));
            assertEquals(CODE + 2, cpu.nextRip);
            assertEquals(0x2B, cpu.segments.selector[Segments.CS]);
            assertEquals(0x23, cpu.segments.selector[Segments.SS]);
            assertEquals(3, cpu.cpl);
            assertEquals(0x603, cpu.rflags());
        }
    }

    @Test
    void sysretTo32BitCodeIsCompatibilityMode() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.control.writeEfer(cpu.control.efer() | ControlBits.EFER_SCE);
            Msrs.write(cpu, STAR, 0x001B_0008_0000_0000L);
            SyscallOps.sysret(cpu, machine.plain(Operation.SYSRET, Width.W32));
            assertEquals(0x1B, cpu.segments.selector[Segments.CS]);
            assertEquals(CodeMode.CODE32, cpu.control.codeMode());
        }
    }

    @Test
    void syscallIsUndefinedUntilSceIsSet() {
        try (TestMachine machine = TestMachine.longMode()) {
            CpuFault fault =
                    assertThrows(
                            CpuFault.class,
                            () ->
                                    SyscallOps.syscall(
                                            machine.cpu,
                                            machine.plain(Operation.SYSCALL, Width.W64)));
            assertEquals(INVALID_OPCODE, fault.vector());
        }
    }

    @Test
    void sysretToANonCanonicalAddressFaultsAtLevel0() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            cpu.control.writeEfer(cpu.control.efer() | ControlBits.EFER_SCE);
            cpu.regs[Registers.RCX] = 1L << 47;
            CpuFault fault =
                    assertThrows(
                            CpuFault.class,
                            () ->
                                    SyscallOps.sysret(
                                            cpu, machine.plain(Operation.SYSRET, Width.W64)));
            assertEquals(GENERAL_PROTECTION, fault.vector());
            assertEquals(0, cpu.cpl);
        }
    }

    @Test
    void msrsRejectWhatTheManualReserves() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            long[][] rejected = {
                {LSTAR, 1L << 56},
                {0xC000_0100, 1L << 63},
                {0x277, 2},
                {0x2FF, 0x102},
                {0x200, 1L << 40},
                {0xC000_0103, 1L << 32},
                {0xC000_0084, 1L << 32},
                {0xFE, 0},
                {0x12345, 0},
                {0x3A, 5},
            };
            for (long[] row : rejected) {
                CpuFault fault =
                        assertThrows(
                                CpuFault.class,
                                () -> Msrs.write(cpu, (int) row[0], row[1]),
                                Long.toHexString(row[0]));
                assertEquals(GENERAL_PROTECTION, fault.vector());
            }
            Msrs.write(cpu, 0x277, 0x0000_0105_0007_0406L);
            assertEquals(0x0000_0105_0007_0406L, Msrs.read(cpu, 0x277));
            assertEquals(0xFEE00900L, Msrs.read(cpu, 0x1B));
        }
    }

    @Test
    void theTimeStampFollowsTheClockAndTscAdjustFollowsWrites() {
        try (TestMachine machine = TestMachine.longMode()) {
            Cpu cpu = machine.cpu;
            machine.now = 1000;
            assertEquals(1000, Msrs.read(cpu, 0x10));
            Msrs.write(cpu, 0x10, 5000);
            assertEquals(4000, Msrs.read(cpu, 0x3B));
            Msrs.write(cpu, 0x3B, 1);
            machine.now = 2000;
            assertEquals(2001, Msrs.read(cpu, 0x10));
        }
    }
}
