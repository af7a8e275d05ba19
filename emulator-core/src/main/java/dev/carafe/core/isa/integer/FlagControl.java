package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.CLC;
import static dev.carafe.core.isa.Operation.CLD;
import static dev.carafe.core.isa.Operation.CMC;
import static dev.carafe.core.isa.Operation.LAHF;
import static dev.carafe.core.isa.Operation.SAHF;
import static dev.carafe.core.isa.Operation.SALC;
import static dev.carafe.core.isa.Operation.STC;
import static dev.carafe.core.isa.Operation.STD;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.isa.Semantics;

/** Carry, direction and AH transfers (SDM Vol. 1, "EFLAGS Instructions"). */
public final class FlagControl {
    private static final int AH_SHIFT = 8;

    private FlagControl() {}

    @Semantics(CLC)
    public static void clearCarry(Flags flags) {
        flags.setCarry(false);
    }

    @Semantics(STC)
    public static void setCarry(Flags flags) {
        flags.setCarry(true);
    }

    @Semantics(CMC)
    public static void complementCarry(Flags flags) {
        flags.setCarry(!flags.carry());
    }

    @Semantics(CLD)
    public static void clearDirection(Cpu cpu) {
        cpu.systemFlags &= ~Rflags.DF;
    }

    @Semantics(STD)
    public static void setDirection(Cpu cpu) {
        cpu.systemFlags |= Rflags.DF;
    }

    @Semantics(LAHF)
    public static void loadAh(Cpu cpu) {
        long low = (cpu.flags.get() | Rflags.FIXED) & 0xFF;
        cpu.regs[Registers.RAX] = cpu.regs[Registers.RAX] & ~(0xFFL << AH_SHIFT) | low << AH_SHIFT;
    }

    /** AL = −1 or 0 by CF: in every processor, long before the manual named it. */
    @Semantics(SALC)
    public static void setAlFromCarry(Cpu cpu) {
        cpu.regs[Registers.RAX] = cpu.regs[Registers.RAX] & ~0xFFL | -cpu.flags.carryBit() & 0xFF;
    }

    /** OF stays. */
    @Semantics(SAHF)
    public static void storeAh(Cpu cpu) {
        long low = cpu.regs[Registers.RAX] >>> AH_SHIFT & 0xFF;
        cpu.flags.set(low | cpu.flags.get() & Flags.OF);
    }
}
