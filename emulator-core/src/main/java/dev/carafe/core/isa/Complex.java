package dev.carafe.core.isa;

import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;

/**
 * What surrounds a complex instruction: RIP is made exact before it, and followed after it. Called
 * by woven handlers.
 */
public final class Complex {
    private Complex() {}

    public static Instruction begin(Cpu cpu, int pc) {
        CodePage page = cpu.page;
        Instruction insn = (Instruction) page.instructions[pc >> 1];
        long rip = cpu.truncateRip(cpu.regs[Registers.CODE_PAGE] + page.offsets[pc >> 1]);
        cpu.rip = rip;
        cpu.nextRip = cpu.truncateRip(rip + insn.length());
        return insn;
    }

    /** Goes on behind the instruction, unless it wants to be executed again. */
    public static int end(Cpu cpu, int pc) {
        return cpu.nextRip == cpu.rip ? leave(cpu, pc) : pc + Record.LONGS;
    }

    public static int leave(Cpu cpu, int pc) {
        cpu.executedBase += (pc >> 1) + 1;
        cpu.rip = cpu.nextRip;
        return Handler.LEAVE;
    }
}
