package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.*;
import static dev.carafe.core.isa.sse.FloatFormat.HALF;
import static dev.carafe.core.isa.sse.FloatFormat.SINGLE;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.VectorOperands;
import dev.carafe.core.isa.WholeRegister;

/** Half to single precision and back (SDM Vol. 2, VCVTPH2PS, VCVTPS2PH). */
public final class HalfConversions {
    private static final int ROUNDING_BY_MXCSR = 4;

    private HalfConversions() {}

    /** DAZ does not count, and a denormal raises nothing: it is normal as a single. */
    @Semantics(VCVTPH2PS)
    @WholeRegister
    public static void vcvtph2ps(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = Single.pair(single(csr, low), single(csr, low >>> 16));
        xmm[destination + 1] = Single.pair(single(csr, low >>> 32), single(csr, low >>> 48));
    }

    private static long single(MxCsr csr, long source) {
        return FloatConversion.convertAsIs(HALF, SINGLE, csr, source & 0xFFFF);
    }

    @Semantics(VCVTPS2PH)
    public static void vcvtps2ph(Cpu cpu, Instruction insn) {
        long[] source = VectorOperands.read(cpu, insn, 1);
        VectorOperands.checkDestination(cpu, insn);
        int mxcsr = cpu.mxcsr.get();
        cpu.mxcsr.set(halfMode(mxcsr, (int) insn.immediate()));
        cpu.mxcsr.begin();
        long[] result = new long[source.length / 2];
        for (int i = 0; i < source.length; i++) {
            long two = half(cpu.mxcsr, Single.low(source[i]));
            two |= half(cpu.mxcsr, source[i] >>> 32) << 16;
            result[i / 2] |= two << 32 * (i & 1);
        }
        cpu.mxcsr.set(mxcsr);
        cpu.mxcsr.commit();
        try {
            VectorOperands.write(cpu, insn, 0, result);
        } catch (CpuFault fault) {
            cpu.mxcsr.set(mxcsr); // a store that faults has raised nothing
            throw fault;
        }
    }

    /** FTZ does not count, and the immediate may say how to round. */
    private static int halfMode(int mxcsr, int immediate) {
        int value = mxcsr & ~MxCsr.FTZ;
        if ((immediate & ROUNDING_BY_MXCSR) != 0) {
            return value;
        }
        return value & ~(3 << MxCsr.ROUNDING_SHIFT) | (immediate & 3) << MxCsr.ROUNDING_SHIFT;
    }

    private static long half(MxCsr csr, long source) {
        return FloatConversion.convert(SINGLE, HALF, csr, source);
    }
}
