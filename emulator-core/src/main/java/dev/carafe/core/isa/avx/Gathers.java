package dev.carafe.core.isa.avx;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.VectorOperands;
import dev.carafe.core.isa.VectorRegisters;

/**
 * Loads of elements whose distances from a base are in a vector register (SDM Vol. 2, VGATHERDPS,
 * VPGATHERDD and their kin). An element that is done has its mask cleared at once, so that a fault
 * in the middle can be repaired and the instruction goes on with the rest.
 */
public final class Gathers {
    private static final int DESTINATION = 0;
    private static final int MEMORY = 1;
    private static final int MASK = 2;

    private Gathers() {}

    @Semantics({VGATHERDPS, VGATHERQPS, VPGATHERDD, VPGATHERQD})
    public static void doublewords(Cpu cpu, Instruction insn) {
        gather(cpu, insn, Integer.BYTES);
    }

    @Semantics({VGATHERDPD, VGATHERQPD, VPGATHERDQ, VPGATHERQQ})
    public static void quadwords(Cpu cpu, Instruction insn) {
        gather(cpu, insn, Long.BYTES);
    }

    private static void gather(Cpu cpu, Instruction insn, int size) {
        int destination = VectorOperands.number(insn, DESTINATION);
        int mask = VectorOperands.number(insn, MASK);
        if (destination == mask || destination == insn.index() || mask == insn.index()) {
            throw CpuFault.invalidOpcode();
        }
        int to = VectorRegisters.index(destination);
        int chosen = VectorRegisters.index(mask);
        int elements = elements(insn, size);
        for (int i = 0; i < elements; i++) {
            if (element(cpu, chosen, i, size) >>> size * Byte.SIZE - 1 != 0) {
                long address =
                        cpu.segments.linear(insn.segment(), offset(cpu, insn, i), size, false);
                setElement(cpu, to, i, size, cpu.memory.load(address, size));
            }
            setElement(cpu, chosen, i, size, 0);
        }
        for (int i = 0; i < VectorRegisters.LANES; i++) {
            cpu.xmm[chosen + i] = 0;
            if (i >= elements * size / Long.BYTES) {
                cpu.xmm[to + i] = 0;
            }
        }
    }

    /** As many as both the indexes and the destination have. */
    private static int elements(Instruction insn, int size) {
        Operand indexes = insn.encoding().operands().get(MEMORY);
        int room = insn.encoding().operands().get(DESTINATION).size();
        return Math.min(indexes.register() / indexes.size(), room / size);
    }

    private static long offset(Cpu cpu, Instruction insn, int i) {
        int size = insn.encoding().operands().get(MEMORY).size();
        long index = element(cpu, VectorRegisters.index(insn.index()), i, size);
        if (size == Integer.BYTES) {
            index = (int) index;
        }
        long base = insn.base() == Instruction.NO_REGISTER ? 0 : cpu.regs[insn.base()];
        long sum = base + (index << insn.scale()) + insn.displacement();
        return insn.addressSize() == Long.BYTES ? sum : sum & 0xFFFF_FFFFL;
    }

    private static long element(Cpu cpu, int register, int i, int size) {
        long lane = cpu.xmm[register + i * size / Long.BYTES];
        return size == Long.BYTES ? lane : lane >>> shift(i) & 0xFFFF_FFFFL;
    }

    private static void setElement(Cpu cpu, int register, int i, int size, long value) {
        int lane = register + i * size / Long.BYTES;
        if (size == Long.BYTES) {
            cpu.xmm[lane] = value;
        } else {
            long mask = 0xFFFF_FFFFL << shift(i);
            cpu.xmm[lane] = cpu.xmm[lane] & ~mask | value << shift(i) & mask;
        }
    }

    private static int shift(int i) {
        return (i & 1) * Integer.SIZE;
    }
}
