package dev.carafe.core.isa.string;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.isa.Instruction;

/**
 * The REP prefixes (SDM Vol. 2, "REP/REPE/REPZ/REPNE/REPNZ"). rCX, rSI and rDI are exact after each
 * iteration, so that a fault leaves an instruction that can go on. After a while the instruction
 * ends with RIP still on itself: that lets interrupts and whatever else waits in at an iteration's
 * end. With TF set that is after each iteration, and so it is when a data breakpoint was met.
 */
final class Repeat {
    private static final int ITERATIONS = 16_384;

    private Repeat() {}

    /** One iteration, or several. */
    @FunctionalInterface
    interface Iteration {
        /**
         * Executes up to {@code limit} iterations, at least one, and advances rSI and rDI.
         *
         * @return how many, negative if the repetition ends with them
         */
        long execute(Cpu cpu, Instruction insn, long limit);
    }

    static void run(Cpu cpu, Instruction insn, Iteration iteration) {
        if (insn.repeat() == 0) {
            iteration.execute(cpu, insn, 1);
            return;
        }
        long count = StringRegisters.count(cpu, insn);
        long first = count;
        long budget = (cpu.systemFlags & Rflags.TF) != 0 ? 1 : ITERATIONS;
        while (count != 0) {
            if (budget <= 0 || cpu.breakpoints.pending() != 0 && count != first) {
                cpu.nextRip = cpu.rip;
                cpu.systemFlags |= Rflags.RF; // an event goes on in the middle of the instruction
                return;
            }
            long limit = Long.compareUnsigned(count, budget) < 0 ? count : budget;
            long done = iteration.execute(cpu, insn, limit);
            boolean ends = done < 0;
            count -= Math.abs(done);
            budget -= Math.abs(done);
            StringRegisters.setCount(cpu, insn, count);
            if (ends) {
                return;
            }
        }
    }

    /** For CMPS and SCAS: whether the repetition wants ZF = 1 (F3h) or ZF = 0 (F2h). */
    static boolean whileEqual(Instruction insn) {
        return insn.repeat() == Instruction.REP;
    }

    /** For CMPS and SCAS: whether ZF is what the repetition wants. */
    static boolean goesOn(Cpu cpu, Instruction insn) {
        return whileEqual(insn) == cpu.flags.zero();
    }
}
