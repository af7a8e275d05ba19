package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.AAA;
import static dev.carafe.core.isa.Operation.AAD;
import static dev.carafe.core.isa.Operation.AAM;
import static dev.carafe.core.isa.Operation.AAS;
import static dev.carafe.core.isa.Operation.DAA;
import static dev.carafe.core.isa.Operation.DAS;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;

/**
 * Decimal arithmetic (SDM Vol. 1, "Decimal Arithmetic Instructions"); not in 64-bit mode, where the
 * tables have no such opcodes. Flags that the manual leaves undefined are as Intel processors leave
 * them.
 */
public final class Bcd {
    private Bcd() {}

    @Semantics(AAA)
    public static void aaa(Cpu cpu, Instruction instruction) {
        adjustUnpacked(cpu, 0x106);
    }

    @Semantics(AAS)
    public static void aas(Cpu cpu, Instruction instruction) {
        adjustUnpacked(cpu, -0x106);
    }

    private static void adjustUnpacked(Cpu cpu, int correction) {
        long ax = cpu.regs[Registers.RAX];
        boolean adjust = (ax & 0xF) > 9 || cpu.flags.auxiliary();
        if (adjust) {
            ax += correction;
        }
        Accumulator.write(cpu, Registers.RAX, Width.W16, ax & 0xFF0F);
        cpu.flags.afterShift(Width.W8, ax & 0xF, adjust ? 1 : 0, 0);
        cpu.flags.setAuxiliary(adjust);
    }

    @Semantics(AAM)
    public static void aam(Cpu cpu, Instruction instruction) {
        int base = (int) instruction.immediate() & 0xFF;
        if (base == 0) {
            throw CpuFault.of(ExceptionVector.DIVIDE_ERROR);
        }
        int al = (int) cpu.regs[Registers.RAX] & 0xFF;
        Accumulator.write(cpu, Registers.RAX, Width.W16, al / base << 8 | al % base);
        cpu.flags.afterLogic(Width.W8, al % base);
    }

    @Semantics(AAD)
    public static void aad(Cpu cpu, Instruction instruction) {
        long ax = cpu.regs[Registers.RAX];
        long units = ax & 0xFF;
        long tens = (ax >>> 8 & 0xFF) * instruction.immediate() & 0xFF;
        long al = units + tens & 0xFF;
        Accumulator.write(cpu, Registers.RAX, Width.W16, al);
        cpu.flags.afterAdd(Width.W8, units, tens, al);
    }

    @Semantics(DAA)
    public static void daa(Cpu cpu, Instruction instruction) {
        adjustPacked(cpu, 1);
    }

    @Semantics(DAS)
    public static void das(Cpu cpu, Instruction instruction) {
        adjustPacked(cpu, -1);
    }

    private static void adjustPacked(Cpu cpu, int sign) {
        Flags flags = cpu.flags;
        int al = (int) cpu.regs[Registers.RAX] & 0xFF;
        boolean low = (al & 0xF) > 9 || flags.auxiliary();
        boolean high = al > 0x99 || flags.carry();
        int result = al + sign * ((low ? 0x06 : 0) + (high ? 0x60 : 0));
        boolean borrowed = sign < 0 && low && al < 6;
        Accumulator.write(cpu, Registers.RAX, Width.W8, result);
        flags.afterShift(Width.W8, result & 0xFF, high || borrowed ? 1 : 0, 0);
        flags.setAuxiliary(low);
    }
}
