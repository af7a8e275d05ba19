package dev.carafe.core.isa.avx;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand.Kind;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.VectorOperands;
import dev.carafe.core.isa.WholeRegister;

/**
 * Permutations, inside 128-bit lanes and across them (SDM Vol. 2, VPERMILPS, VPERM2F128, VPERMD,
 * VPERMQ, VINSERTF128, VEXTRACTF128, VPBLENDD).
 */
public final class Permutes {
    private static final int LANE = 2; // of 64 bits each
    private static final int ZERO = 8;

    private Permutes() {}

    @Semantics(
            value = VPERMILPS,
            with = {Kind.IMMEDIATE})
    @WholeRegister
    public static void vpermilps(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] =
                pair(doubleword(low, high, immediate), doubleword(low, high, immediate >> 2));
        xmm[destination + 1] =
                pair(doubleword(low, high, immediate >> 4), doubleword(low, high, immediate >> 6));
    }

    /** The selectors are in the second source. */
    @Semantics(
            value = VPERMILPS,
            with = {Kind.XMM_VEX})
    @WholeRegister
    public static void vpermilpsVariable(
            long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        long b = xmm[destination + 1];
        xmm[destination] = pair(doubleword(a, b, (int) low), doubleword(a, b, (int) (low >> 32)));
        xmm[destination + 1] =
                pair(doubleword(a, b, (int) high), doubleword(a, b, (int) (high >> 32)));
    }

    @Semantics(
            value = VPERMILPD,
            with = {Kind.IMMEDIATE})
    @WholeRegister(immediateBits = 2)
    public static void vpermilpd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = (immediate & 1) == 0 ? low : high;
        xmm[destination + 1] = (immediate & 2) == 0 ? low : high;
    }

    /** The selectors are bits 1 of the second source's elements. */
    @Semantics(
            value = VPERMILPD,
            with = {Kind.XMM_VEX})
    @WholeRegister
    public static void vpermilpdVariable(
            long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        long b = xmm[destination + 1];
        xmm[destination] = (low & 2) == 0 ? a : b;
        xmm[destination + 1] = (high & 2) == 0 ? a : b;
    }

    @Semantics(VPBLENDD)
    @WholeRegister(immediateBits = 4)
    public static void vpblendd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = blended(xmm[destination], low, immediate);
        xmm[destination + 1] = blended(xmm[destination + 1], high, immediate >> 2);
    }

    private static long blended(long a, long b, int selector) {
        long mask =
                ((selector & 1) != 0 ? 0xFFFF_FFFFL : 0) | ((selector & 2) != 0 ? -1L << 32 : 0);
        return a & ~mask | b & mask;
    }

    @Semantics({VPERMD, VPERMPS})
    public static void doublewords(Cpu cpu, Instruction insn) {
        long[] selectors = VectorOperands.read(cpu, insn, 1);
        long[] source = VectorOperands.read(cpu, insn, 2);
        long[] result = new long[selectors.length];
        for (int i = 0; i < result.length; i++) {
            result[i] =
                    pair(
                            doubleword(source, (int) selectors[i] & 7),
                            doubleword(source, (int) (selectors[i] >>> 32) & 7));
        }
        VectorOperands.write(cpu, insn, 0, result);
    }

    @Semantics({VPERMQ, VPERMPD})
    public static void quadwords(Cpu cpu, Instruction insn) {
        long[] source = VectorOperands.read(cpu, insn, 1);
        long[] result = new long[source.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = source[(int) insn.immediate() >> 2 * i & 3];
        }
        VectorOperands.write(cpu, insn, 0, result);
    }

    /** Each half of the destination is one of four lanes, or zero. */
    @Semantics({VPERM2F128, VPERM2I128})
    public static void lanes(Cpu cpu, Instruction insn) {
        long[] a = VectorOperands.read(cpu, insn, 1);
        long[] b = VectorOperands.read(cpu, insn, 2);
        long[] result = new long[a.length];
        for (int lane = 0; lane < a.length / LANE; lane++) {
            int selector = (int) insn.immediate() >> 4 * lane;
            if ((selector & ZERO) == 0) {
                long[] from = (selector & 2) == 0 ? a : b;
                System.arraycopy(from, (selector & 1) * LANE, result, lane * LANE, LANE);
            }
        }
        VectorOperands.write(cpu, insn, 0, result);
    }

    @Semantics({VINSERTF128, VINSERTI128})
    public static void insertLane(Cpu cpu, Instruction insn) {
        long[] result = VectorOperands.read(cpu, insn, 1);
        long[] lane = VectorOperands.read(cpu, insn, 2);
        System.arraycopy(lane, 0, result, ((int) insn.immediate() & 1) * LANE, LANE);
        VectorOperands.write(cpu, insn, 0, result);
    }

    @Semantics({VEXTRACTF128, VEXTRACTI128})
    public static void extractLane(Cpu cpu, Instruction insn) {
        long[] source = VectorOperands.read(cpu, insn, 1);
        long[] lane = new long[LANE];
        System.arraycopy(source, ((int) insn.immediate() & 1) * LANE, lane, 0, LANE);
        VectorOperands.write(cpu, insn, 0, lane);
    }

    private static long doubleword(long low, long high, int selector) {
        return ((selector & 2) == 0 ? low : high) >>> ((selector & 1) << 5) & 0xFFFF_FFFFL;
    }

    private static long doubleword(long[] source, int index) {
        return source[index >> 1] >>> 32 * (index & 1) & 0xFFFF_FFFFL;
    }

    private static long pair(long low, long high) {
        return high << 32 | low;
    }
}
