package dev.carafe.core.isa.control;

import static dev.carafe.core.cpu.Registers.RCX;
import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/** LOOP and JCXZ families (SDM Vol. 2): the count is CX, ECX or RCX by address size. */
public final class Loops {
    private Loops() {}

    @Semantics(
            value = {LOOP, LOOPE, LOOPNE},
            leaves = true)
    public static void loop(Cpu cpu, Instruction insn) {
        Width counter = Width.ofSize(insn.addressSize());
        long count = counter.truncate(cpu.regs[RCX] - 1);
        boolean taken =
                count != 0
                        && switch (insn.operation()) {
                            case LOOPE -> cpu.flags.zero();
                            case LOOPNE -> !cpu.flags.zero();
                            default -> true;
                        };
        if (taken) {
            branch(cpu, insn);
        }
        Operands.setRegister(cpu, RCX, counter.size(), count);
    }

    @Semantics(
            value = {JCXZ, JECXZ, JRCXZ},
            leaves = true)
    public static void jumpIfCountZero(Cpu cpu, Instruction insn) {
        if (Operands.register(cpu, RCX, insn.addressSize()) == 0) {
            branch(cpu, insn);
        }
    }

    private static void branch(Cpu cpu, Instruction insn) {
        long target = insn.width().truncate(cpu.nextRip + insn.immediate());
        boolean reachable =
                cpu.control.codeIs64()
                        ? cpu.control.canonical(target)
                        : Long.compareUnsigned(
                                        target,
                                        Integer.toUnsignedLong(cpu.segments.limit[Segments.CS]))
                                <= 0;
        if (!reachable) {
            throw CpuFault.generalProtection(0);
        }
        cpu.nextRip = target;
    }
}
