package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.VectorOperands;

/**
 * Fused multiply-add that adds in the odd elements and subtracts in the even ones, or the other way
 * round (SDM Vol. 2, VFMADDSUB132PD, VFMSUBADD132PD).
 */
public final class FusedAlternating {
    private FusedAlternating() {}

    /** A rule for one element. */
    @FunctionalInterface
    private interface Scalar {
        long apply(MxCsr csr, long a, long b, long c);
    }

    @Semantics(VFMADDSUB132PS)
    @Lanewise
    public static long vfmaddsub132ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmsub132ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmadd132ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMADDSUB132PD)
    public static void vfmaddsub132pd(Cpu cpu, Instruction insn) {
        doubles(cpu, insn, FusedScalar::vfmsub132sd, FusedScalar::vfmadd132sd);
    }

    @Semantics(VFMADDSUB213PS)
    @Lanewise
    public static long vfmaddsub213ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmsub213ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmadd213ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMADDSUB213PD)
    public static void vfmaddsub213pd(Cpu cpu, Instruction insn) {
        doubles(cpu, insn, FusedScalar::vfmsub213sd, FusedScalar::vfmadd213sd);
    }

    @Semantics(VFMADDSUB231PS)
    @Lanewise
    public static long vfmaddsub231ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmsub231ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmadd231ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMADDSUB231PD)
    public static void vfmaddsub231pd(Cpu cpu, Instruction insn) {
        doubles(cpu, insn, FusedScalar::vfmsub231sd, FusedScalar::vfmadd231sd);
    }

    @Semantics(VFMSUBADD132PS)
    @Lanewise
    public static long vfmsubadd132ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmadd132ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmsub132ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMSUBADD132PD)
    public static void vfmsubadd132pd(Cpu cpu, Instruction insn) {
        doubles(cpu, insn, FusedScalar::vfmadd132sd, FusedScalar::vfmsub132sd);
    }

    @Semantics(VFMSUBADD213PS)
    @Lanewise
    public static long vfmsubadd213ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmadd213ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmsub213ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMSUBADD213PD)
    public static void vfmsubadd213pd(Cpu cpu, Instruction insn) {
        doubles(cpu, insn, FusedScalar::vfmadd213sd, FusedScalar::vfmsub213sd);
    }

    @Semantics(VFMSUBADD231PS)
    @Lanewise
    public static long vfmsubadd231ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmadd231ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmsub231ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMSUBADD231PD)
    public static void vfmsubadd231pd(Cpu cpu, Instruction insn) {
        doubles(cpu, insn, FusedScalar::vfmadd231sd, FusedScalar::vfmsub231sd);
    }

    private static void doubles(Cpu cpu, Instruction insn, Scalar even, Scalar odd) {
        long[] a = VectorOperands.read(cpu, insn, 0);
        long[] b = VectorOperands.read(cpu, insn, 1);
        long[] c = VectorOperands.read(cpu, insn, 2);
        cpu.mxcsr.begin();
        for (int i = 0; i < a.length; i++) {
            Scalar rule = i % 2 == 0 ? even : odd;
            a[i] = rule.apply(cpu.mxcsr, a[i], b[i], c[i]);
        }
        cpu.mxcsr.commit();
        VectorOperands.write(cpu, insn, 0, a);
    }
}
