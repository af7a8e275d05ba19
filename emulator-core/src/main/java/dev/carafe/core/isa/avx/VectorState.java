package dev.carafe.core.isa.avx;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.VectorOperands;
import dev.carafe.core.isa.VectorRegisters;

/** Tests and clearing of whole registers (SDM Vol. 2, PTEST, VTESTPD, VZEROALL, VZEROUPPER). */
public final class VectorState {
    private static final long DOUBLE_SIGNS = 1L << 63;
    private static final long SINGLE_SIGNS = DOUBLE_SIGNS | 1L << 31;

    private VectorState() {}

    @Semantics(VPTEST)
    public static void vptest(Cpu cpu, Instruction insn) {
        test(cpu, insn, -1);
    }

    @Semantics(VTESTPS)
    public static void vtestps(Cpu cpu, Instruction insn) {
        test(cpu, insn, SINGLE_SIGNS);
    }

    @Semantics(VTESTPD)
    public static void vtestpd(Cpu cpu, Instruction insn) {
        test(cpu, insn, DOUBLE_SIGNS);
    }

    private static void test(Cpu cpu, Instruction insn, long bits) {
        long[] a = VectorOperands.read(cpu, insn, 0);
        long[] b = VectorOperands.read(cpu, insn, 1);
        long both = 0;
        long onlyB = 0;
        for (int i = 0; i < a.length; i++) {
            both |= a[i] & b[i] & bits;
            onlyB |= ~a[i] & b[i] & bits;
        }
        cpu.flags.set((both == 0 ? Flags.ZF : 0) | (onlyB == 0 ? Flags.CF : 0));
    }

    @Semantics(VZEROUPPER)
    public static void clearUpper(Cpu cpu, Instruction insn) {
        for (int i = 0; i < registers(insn); i++) {
            VectorRegisters.clearAbove16(cpu.xmm, VectorRegisters.index(i));
        }
    }

    @Semantics(VZEROALL)
    public static void clear(Cpu cpu, Instruction insn) {
        for (int i = 0; i < registers(insn) * VectorRegisters.LANES; i++) {
            cpu.xmm[i] = 0;
        }
    }

    private static int registers(Instruction insn) {
        return insn.mode() == CodeMode.CODE64 ? 16 : 8;
    }
}
