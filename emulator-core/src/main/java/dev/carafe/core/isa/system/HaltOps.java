package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * HLT, MONITOR and MWAIT, and the opcodes that are always undefined here (SDM Vol. 2).
 *
 * <p>Not modelled: system-management mode, whose RSM is undefined outside it.
 */
public final class HaltOps {
    private HaltOps() {}

    @Semantics(value = HLT, leaves = true)
    public static void halt(Cpu cpu, Instruction insn) {
        Privilege.require(cpu);
        cpu.monitor.disarm();
        cpu.activity = Activity.HALTED;
    }

    @Semantics(MONITOR)
    public static void monitor(Cpu cpu, Instruction insn) {
        requireMonitor(cpu);
        if ((int) cpu.regs[Registers.RCX] != 0) {
            throw CpuFault.generalProtection(0);
        }
        long offset = Operands.register(cpu, Registers.RAX, insn.addressSize());
        long address = cpu.segments.linear(insn.segment(), offset, 1, false);
        cpu.memory.checkRead(address, 1);
        cpu.monitor.arm(cpu, address);
    }

    /** ECX bit 0 lets interrupts end it even while they are masked. */
    @Semantics(value = MWAIT, leaves = true)
    public static void await(Cpu cpu, Instruction insn) {
        requireMonitor(cpu);
        int extensions = (int) cpu.regs[Registers.RCX];
        if ((extensions & ~1) != 0) {
            throw CpuFault.generalProtection(0);
        }
        if (cpu.monitor.await(cpu, extensions != 0)) {
            cpu.activity = Activity.HALTED;
        }
    }

    private static void requireMonitor(Cpu cpu) {
        if (cpu.cpl != 0 || !cpu.system.offersMonitor() && !cpu.model.isAmd()) {
            throw CpuFault.invalidOpcode();
        }
    }

    @Semantics({INVALID, UD0, UD1, UD2, RSM})
    public static void undefined(Cpu cpu, Instruction insn) {
        throw CpuFault.invalidOpcode();
    }
}
