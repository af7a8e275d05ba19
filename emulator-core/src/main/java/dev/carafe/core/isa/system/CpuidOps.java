package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.CPUID;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Cpuid;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/** CPUID: it tells what the processor is, and serializes. */
public final class CpuidOps {
    private CpuidOps() {}

    @Semantics(CPUID)
    public static void identify(Cpu cpu, Instruction insn) {
        cpu.memory.fence();
        int[] answer =
                Cpuid.answer(cpu, (int) cpu.regs[Registers.RAX], (int) cpu.regs[Registers.RCX]);
        cpu.regs[Registers.RAX] = Integer.toUnsignedLong(answer[0]);
        cpu.regs[Registers.RBX] = Integer.toUnsignedLong(answer[1]);
        cpu.regs[Registers.RCX] = Integer.toUnsignedLong(answer[2]);
        cpu.regs[Registers.RDX] = Integer.toUnsignedLong(answer[3]);
    }
}
