package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/**
 * HLT, and the opcodes that are always undefined here (SDM Vol. 2).
 *
 * <p>Not modelled: MONITOR and MWAIT, which no model offers, and system-management mode, whose RSM
 * is undefined outside it.
 */
public final class HaltOps {
    private HaltOps() {}

    @Semantics(value = HLT, leaves = true)
    public static void halt(Cpu cpu, Instruction insn) {
        Privilege.require(cpu);
        cpu.activity = Activity.HALTED;
    }

    @Semantics({INVALID, UD0, UD1, UD2, RSM, MONITOR, MWAIT})
    public static void undefined(Cpu cpu, Instruction insn) {
        throw CpuFault.invalidOpcode();
    }
}
