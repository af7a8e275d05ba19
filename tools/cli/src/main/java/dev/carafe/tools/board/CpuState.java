package dev.carafe.tools.board;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.ResetState;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.SystemRegisters;
import dev.carafe.core.cpu.SystemSegment;
import dev.carafe.core.cpu.TableRegister;
import dev.carafe.firmware.InitialState;
import dev.carafe.firmware.SegmentState;
import java.util.Arrays;

/** Puts a processor into the state that firmware and loader leave it in. */
final class CpuState {
    private static final int GENERAL_REGISTERS = 16;

    // Memory types as a PC BIOS sets them (SDM Vol. 3A, "Memory Type Range Registers"): all
    // write-back, with holes.
    private static final long MTRR_ENABLED_WRITE_BACK = 0xC06;
    private static final long ALL_WRITE_BACK = 0x0606_0606_0606_0606L;
    private static final long ALL_WRITE_PROTECTED = 0x0505_0505_0505_0505L;
    private static final int FIXED_VIDEO = 2; // A0000h to BFFFFh
    private static final int FIXED_ROM = 3; // C0000h and above, to the last one
    private static final long DEVICES_UNCACHED = 0xC000_0000L;
    private static final long ONE_GIB_MASK = 0xC000_0000L;
    private static final long MASK_VALID = 0x800;

    private CpuState() {}

    /** A processor that waits for its start-up IPI. */
    static void waitForStartup(Cpu cpu) {
        ResetState.powerUp(cpu, Activity.WAIT_FOR_SIPI);
        setMemoryTypes(cpu);
    }

    /** A processor that begins with these registers. */
    static void start(Cpu cpu, InitialState state) {
        ResetState.powerUp(cpu, Activity.RUNNING);
        setMemoryTypes(cpu);
        for (int register = 0; register < GENERAL_REGISTERS; register++) {
            cpu.regs[Registers.RAX + register] = state.general(register);
        }
        cpu.control.set(state.cr0(), state.cr3(), state.cr4(), state.efer());
        set(cpu, Segments.ES, state.es());
        set(cpu, Segments.DS, state.ds());
        set(cpu, Segments.FS, state.fs());
        set(cpu, Segments.GS, state.gs());
        set(cpu, Segments.SS, state.ss());
        set(cpu, Segments.CS, state.cs());
        SystemRegisters system = cpu.system;
        system.gdtr = new TableRegister(state.gdtr().base(), state.gdtr().limit());
        system.idtr = new TableRegister(state.idtr().base(), state.idtr().limit());
        system.ldtr = segment(state.ldtr());
        system.tr = segment(state.tr());
        system.pat = state.pat();
        cpu.setRflags(state.rflags());
        cpu.rip = state.rip();
        cpu.nextRip = state.rip();
    }

    private static void set(Cpu cpu, int register, SegmentState state) {
        cpu.segments.set(
                register, state.selector(), state.base(), state.limit(), state.attributes());
    }

    private static SystemSegment segment(SegmentState state) {
        return new SystemSegment(state.selector(), state.base(), state.limit(), state.attributes());
    }

    private static void setMemoryTypes(Cpu cpu) {
        SystemRegisters system = cpu.system;
        system.mtrrDefaultType = MTRR_ENABLED_WRITE_BACK;
        Arrays.fill(system.mtrrFixed, 0, FIXED_VIDEO, ALL_WRITE_BACK);
        system.mtrrFixed[FIXED_VIDEO] = 0;
        Arrays.fill(system.mtrrFixed, FIXED_ROM, system.mtrrFixed.length, ALL_WRITE_PROTECTED);
        system.mtrrBase[0] = DEVICES_UNCACHED;
        long addresses = (1L << cpu.model.physicalBits()) - 1;
        system.mtrrMask[0] = addresses & ~0xFFFF_FFFFL | ONE_GIB_MASK | MASK_VALID;
    }
}
