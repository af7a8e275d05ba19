package dev.carafe.core.isa.system;

import static dev.carafe.core.isa.Operation.RDRAND;
import static dev.carafe.core.isa.Operation.RDSEED;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;

/**
 * RDRAND and RDSEED (SDM Vol. 2): numbers of the machine's random source, which never runs dry, so
 * that CF is always set.
 */
public final class RandomOps {
    private RandomOps() {}

    @Semantics({RDRAND, RDSEED})
    public static void random(Cpu cpu, Instruction insn) {
        Operands.setRegister(cpu, insn.rm(), insn.width().size(), cpu.entropy.next());
        cpu.flags.set(Flags.CF);
    }
}
