package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;

/** Packed fused multiply-add (SDM Vol. 2, VFMADD132PD and its kin): the scalar rules. */
public final class FusedPacked {
    private FusedPacked() {}

    @Semantics(VFMADD132PD)
    @Lanewise
    public static long vfmadd132pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfmadd132sd(csr, a, b, c);
    }

    @Semantics(VFMADD132PS)
    @Lanewise
    public static long vfmadd132ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmadd132ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmadd132ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMADD213PD)
    @Lanewise
    public static long vfmadd213pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfmadd213sd(csr, a, b, c);
    }

    @Semantics(VFMADD213PS)
    @Lanewise
    public static long vfmadd213ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmadd213ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmadd213ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMADD231PD)
    @Lanewise
    public static long vfmadd231pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfmadd231sd(csr, a, b, c);
    }

    @Semantics(VFMADD231PS)
    @Lanewise
    public static long vfmadd231ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmadd231ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmadd231ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMSUB132PD)
    @Lanewise
    public static long vfmsub132pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfmsub132sd(csr, a, b, c);
    }

    @Semantics(VFMSUB132PS)
    @Lanewise
    public static long vfmsub132ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmsub132ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmsub132ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMSUB213PD)
    @Lanewise
    public static long vfmsub213pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfmsub213sd(csr, a, b, c);
    }

    @Semantics(VFMSUB213PS)
    @Lanewise
    public static long vfmsub213ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmsub213ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmsub213ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFMSUB231PD)
    @Lanewise
    public static long vfmsub231pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfmsub231sd(csr, a, b, c);
    }

    @Semantics(VFMSUB231PS)
    @Lanewise
    public static long vfmsub231ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfmsub231ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfmsub231ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFNMADD132PD)
    @Lanewise
    public static long vfnmadd132pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfnmadd132sd(csr, a, b, c);
    }

    @Semantics(VFNMADD132PS)
    @Lanewise
    public static long vfnmadd132ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfnmadd132ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfnmadd132ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFNMADD213PD)
    @Lanewise
    public static long vfnmadd213pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfnmadd213sd(csr, a, b, c);
    }

    @Semantics(VFNMADD213PS)
    @Lanewise
    public static long vfnmadd213ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfnmadd213ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfnmadd213ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFNMADD231PD)
    @Lanewise
    public static long vfnmadd231pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfnmadd231sd(csr, a, b, c);
    }

    @Semantics(VFNMADD231PS)
    @Lanewise
    public static long vfnmadd231ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfnmadd231ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfnmadd231ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFNMSUB132PD)
    @Lanewise
    public static long vfnmsub132pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfnmsub132sd(csr, a, b, c);
    }

    @Semantics(VFNMSUB132PS)
    @Lanewise
    public static long vfnmsub132ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfnmsub132ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfnmsub132ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFNMSUB213PD)
    @Lanewise
    public static long vfnmsub213pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfnmsub213sd(csr, a, b, c);
    }

    @Semantics(VFNMSUB213PS)
    @Lanewise
    public static long vfnmsub213ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfnmsub213ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfnmsub213ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }

    @Semantics(VFNMSUB231PD)
    @Lanewise
    public static long vfnmsub231pd(MxCsr csr, long a, long b, long c) {
        return FusedScalar.vfnmsub231sd(csr, a, b, c);
    }

    @Semantics(VFNMSUB231PS)
    @Lanewise
    public static long vfnmsub231ps(MxCsr csr, long a, long b, long c) {
        long low = FusedScalar.vfnmsub231ss(csr, a, b, c);
        return Single.pair(low, FusedScalar.vfnmsub231ss(csr, a >>> 32, b >>> 32, c >>> 32));
    }
}
