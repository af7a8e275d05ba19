package dev.carafe.core.isa.avx;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand.Kind;
import dev.carafe.core.isa.Operands;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.VectorOperands;

/**
 * Moves of the elements whose mask has its top bit set (SDM Vol. 2, VMASKMOV, VPMASKMOV). Elements
 * that are masked out are not accessed and do not fault.
 */
public final class MaskedMoves {
    private static final long LOW = 0xFFFF_FFFFL;

    private MaskedMoves() {}

    @Semantics({VMASKMOVPS, VPMASKMOVD})
    public static void doublewords(Cpu cpu, Instruction insn) {
        move(cpu, insn, Integer.BYTES);
    }

    @Semantics({VMASKMOVPD, VPMASKMOVQ})
    public static void quadwords(Cpu cpu, Instruction insn) {
        move(cpu, insn, Long.BYTES);
    }

    private static void move(Cpu cpu, Instruction insn, int size) {
        long[] mask = VectorOperands.read(cpu, insn, 1);
        boolean load = insn.encoding().operands().getFirst().kind() == Kind.XMM;
        long offset = Operands.effectiveAddress(cpu, insn);
        if (load) {
            long[] result = new long[mask.length];
            for (int i = 0; i < mask.length * Long.BYTES / size; i++) {
                if (selected(mask, i, size)) {
                    long address = element(cpu, insn, offset, i, size, false);
                    result[i * size / Long.BYTES] |=
                            cpu.memory.load(address, size) << shift(i, size);
                }
            }
            VectorOperands.write(cpu, insn, 0, result);
        } else {
            store(cpu, insn, offset, mask, size);
        }
    }

    private static void store(Cpu cpu, Instruction insn, long offset, long[] mask, int size) {
        long[] source = VectorOperands.read(cpu, insn, 2);
        for (int i = 0; i < mask.length * Long.BYTES / size; i++) {
            if (selected(mask, i, size)) {
                cpu.memory.checkWrite(element(cpu, insn, offset, i, size, true), size);
            }
        }
        for (int i = 0; i < mask.length * Long.BYTES / size; i++) {
            if (selected(mask, i, size)) {
                long value = source[i * size / Long.BYTES] >>> shift(i, size);
                long address = element(cpu, insn, offset, i, size, true);
                cpu.memory.store(address, size, size == Integer.BYTES ? value & LOW : value);
            }
        }
    }

    private static long element(
            Cpu cpu, Instruction insn, long offset, int index, int size, boolean write) {
        return cpu.segments.linear(insn.segment(), offset + (long) index * size, size, write);
    }

    private static boolean selected(long[] mask, int index, int size) {
        long lane = mask[index * size / Long.BYTES];
        return (lane >>> shift(index, size) + size * Byte.SIZE - 1 & 1) != 0;
    }

    private static int shift(int index, int size) {
        return index * size % Long.BYTES * Byte.SIZE;
    }
}
