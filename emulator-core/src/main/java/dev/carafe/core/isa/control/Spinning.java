package dev.carafe.core.isa.control;

import static dev.carafe.core.isa.Operation.PAUSE;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Record;
import dev.carafe.core.isa.Semantics;

/** PAUSE (SDM Vol. 2): a hint that the vCPU spins. */
public final class Spinning {
    /** PAUSEs after which the run loop gets a chance to offer the host core to others. */
    public static final int PAUSES_BEFORE_YIELD = 64;

    private Spinning() {}

    @Semantics(PAUSE)
    public static int pause(Cpu cpu, long[] code, int pc) {
        if (++cpu.pauses <= PAUSES_BEFORE_YIELD) {
            return pc + Record.LONGS;
        }
        cpu.executedBase += (pc >> 1) + 1;
        int next = cpu.page.offsets[pc >> 1] + Record.length(code[pc]);
        cpu.rip = cpu.truncateRip(cpu.regs[Registers.CODE_PAGE] + next);
        return Handler.LEAVE;
    }
}
