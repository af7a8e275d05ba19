package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Flags;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.VectorOperands;
import dev.carafe.core.isa.WholeRegister;

/**
 * Blends and the test that goes with them (SDM Vol. 1, "Packed Blending Instructions", "Packed
 * Test").
 */
public final class Blends {
    private Blends() {}

    /** Single elements: 1 in the mask takes the source's. */
    @Semantics(BLENDPS)
    @WholeRegister(immediateBits = 4)
    public static void blendps(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = merged(xmm[destination], low, elements(32, immediate));
        xmm[destination + 1] = merged(xmm[destination + 1], high, elements(32, immediate >> 2));
    }

    @Semantics(BLENDPD)
    @WholeRegister(immediateBits = 2)
    public static void blendpd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = (immediate & 1) == 0 ? xmm[destination] : low;
        xmm[destination + 1] = (immediate & 2) == 0 ? xmm[destination + 1] : high;
    }

    @Semantics(PBLENDW)
    @WholeRegister
    public static void pblendw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = merged(xmm[destination], low, elements(16, immediate));
        xmm[destination + 1] = merged(xmm[destination + 1], high, elements(16, immediate >> 4));
    }

    /** XMM0 is the mask: the top bit of each element counts. */
    @Semantics(PBLENDVB)
    @WholeRegister
    public static void pblendvb(long[] xmm, int destination, long low, long high, int immediate) {
        blend(8, xmm, destination, low, high);
    }

    @Semantics(BLENDVPS)
    @WholeRegister
    public static void blendvps(long[] xmm, int destination, long low, long high, int immediate) {
        blend(32, xmm, destination, low, high);
    }

    @Semantics(BLENDVPD)
    @WholeRegister
    public static void blendvpd(long[] xmm, int destination, long low, long high, int immediate) {
        blend(64, xmm, destination, low, high);
    }

    private static void blend(int bits, long[] xmm, int destination, long low, long high) {
        long mask = xmm[0];
        long maskHigh = xmm[1];
        xmm[destination] = merged(xmm[destination], low, signs(bits, mask));
        xmm[destination + 1] = merged(xmm[destination + 1], high, signs(bits, maskHigh));
    }

    @Semantics(VPBLENDVB)
    public static void vpblendvb(Cpu cpu, Instruction insn) {
        blend(8, cpu, insn);
    }

    @Semantics(VBLENDVPS)
    public static void vblendvps(Cpu cpu, Instruction insn) {
        blend(32, cpu, insn);
    }

    @Semantics(VBLENDVPD)
    public static void vblendvpd(Cpu cpu, Instruction insn) {
        blend(64, cpu, insn);
    }

    /** The mask is in a register that the immediate names. */
    private static void blend(int bits, Cpu cpu, Instruction insn) {
        long[] a = VectorOperands.read(cpu, insn, 1);
        long[] b = VectorOperands.read(cpu, insn, 2);
        long[] mask = VectorOperands.read(cpu, insn, 3);
        for (int i = 0; i < a.length; i++) {
            a[i] = merged(a[i], b[i], signs(bits, mask[i]));
        }
        VectorOperands.write(cpu, insn, 0, a);
    }

    static long merged(long a, long b, long mask) {
        return a & ~mask | b & mask;
    }

    /** All bits of the elements whose top bit is set. */
    static long signs(int bits, long mask) {
        return bits == 64
                ? mask >> 63
                : (mask >>> (bits - 1) & Elements.ones(bits)) * Elements.mask(bits);
    }

    private static long elements(int bits, int mask) {
        long result = 0;
        for (int i = 0; i * bits < 64; i++) {
            result |= (mask >> i & 1) == 0 ? 0 : Elements.mask(bits) << i * bits;
        }
        return result;
    }

    @Semantics(PTEST)
    @WholeRegister
    public static void ptest(
            Flags flags, long[] xmm, int destination, long low, long high, int immediate) {
        long a = xmm[destination];
        long b = xmm[destination + 1];
        boolean zero = (a & low | b & high) == 0;
        boolean carry = (~a & low | ~b & high) == 0;
        flags.set((zero ? Flags.ZF : 0) | (carry ? Flags.CF : 0));
    }
}
