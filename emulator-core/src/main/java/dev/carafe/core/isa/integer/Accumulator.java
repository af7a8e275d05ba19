package dev.carafe.core.isa.integer;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Width;

/** Writes to registers that an instruction names implicitly. */
final class Accumulator {
    private Accumulator() {}

    /**
     * 8 and 16 bits keep the rest of the register, 32 bits clear it (SDM Vol. 1, "General-Purpose
     * Registers in 64-Bit Mode").
     */
    static void write(Cpu cpu, int register, Width width, long value) {
        long kept = width.bits() >= 32 ? 0 : cpu.regs[register] & ~width.mask();
        cpu.regs[register] = kept | width.truncate(value);
    }
}
