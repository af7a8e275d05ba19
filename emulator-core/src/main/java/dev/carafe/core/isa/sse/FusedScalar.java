package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.*;
import static dev.carafe.core.isa.sse.FusedMultiplyAdd.ADD;
import static dev.carafe.core.isa.sse.FusedMultiplyAdd.NEGATED_ADD;
import static dev.carafe.core.isa.sse.FusedMultiplyAdd.NEGATED_SUBTRACT;
import static dev.carafe.core.isa.sse.FusedMultiplyAdd.SUBTRACT;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.isa.ScalarResult;
import dev.carafe.core.isa.Semantics;

/**
 * Scalar fused multiply-add (SDM Vol. 2, VFMADD132SD and its kin). The digits of the name say which
 * operands are multiplied and, last, which is added.
 */
public final class FusedScalar {
    private FusedScalar() {}

    @Semantics(VFMADD132SD)
    @ScalarResult(64)
    public static long vfmadd132sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, a, c, b, ADD);
    }

    @Semantics(VFMADD132SS)
    @ScalarResult(32)
    public static long vfmadd132ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, a, c, b, ADD);
    }

    @Semantics(VFMADD213SD)
    @ScalarResult(64)
    public static long vfmadd213sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, b, a, c, ADD);
    }

    @Semantics(VFMADD213SS)
    @ScalarResult(32)
    public static long vfmadd213ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, b, a, c, ADD);
    }

    @Semantics(VFMADD231SD)
    @ScalarResult(64)
    public static long vfmadd231sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, b, c, a, ADD);
    }

    @Semantics(VFMADD231SS)
    @ScalarResult(32)
    public static long vfmadd231ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, b, c, a, ADD);
    }

    @Semantics(VFMSUB132SD)
    @ScalarResult(64)
    public static long vfmsub132sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, a, c, b, SUBTRACT);
    }

    @Semantics(VFMSUB132SS)
    @ScalarResult(32)
    public static long vfmsub132ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, a, c, b, SUBTRACT);
    }

    @Semantics(VFMSUB213SD)
    @ScalarResult(64)
    public static long vfmsub213sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, b, a, c, SUBTRACT);
    }

    @Semantics(VFMSUB213SS)
    @ScalarResult(32)
    public static long vfmsub213ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, b, a, c, SUBTRACT);
    }

    @Semantics(VFMSUB231SD)
    @ScalarResult(64)
    public static long vfmsub231sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, b, c, a, SUBTRACT);
    }

    @Semantics(VFMSUB231SS)
    @ScalarResult(32)
    public static long vfmsub231ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, b, c, a, SUBTRACT);
    }

    @Semantics(VFNMADD132SD)
    @ScalarResult(64)
    public static long vfnmadd132sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, a, c, b, NEGATED_ADD);
    }

    @Semantics(VFNMADD132SS)
    @ScalarResult(32)
    public static long vfnmadd132ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, a, c, b, NEGATED_ADD);
    }

    @Semantics(VFNMADD213SD)
    @ScalarResult(64)
    public static long vfnmadd213sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, b, a, c, NEGATED_ADD);
    }

    @Semantics(VFNMADD213SS)
    @ScalarResult(32)
    public static long vfnmadd213ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, b, a, c, NEGATED_ADD);
    }

    @Semantics(VFNMADD231SD)
    @ScalarResult(64)
    public static long vfnmadd231sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, b, c, a, NEGATED_ADD);
    }

    @Semantics(VFNMADD231SS)
    @ScalarResult(32)
    public static long vfnmadd231ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, b, c, a, NEGATED_ADD);
    }

    @Semantics(VFNMSUB132SD)
    @ScalarResult(64)
    public static long vfnmsub132sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, a, c, b, NEGATED_SUBTRACT);
    }

    @Semantics(VFNMSUB132SS)
    @ScalarResult(32)
    public static long vfnmsub132ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, a, c, b, NEGATED_SUBTRACT);
    }

    @Semantics(VFNMSUB213SD)
    @ScalarResult(64)
    public static long vfnmsub213sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, b, a, c, NEGATED_SUBTRACT);
    }

    @Semantics(VFNMSUB213SS)
    @ScalarResult(32)
    public static long vfnmsub213ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, b, a, c, NEGATED_SUBTRACT);
    }

    @Semantics(VFNMSUB231SD)
    @ScalarResult(64)
    public static long vfnmsub231sd(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.doubles(csr, b, c, a, NEGATED_SUBTRACT);
    }

    @Semantics(VFNMSUB231SS)
    @ScalarResult(32)
    public static long vfnmsub231ss(MxCsr csr, long a, long b, long c) {
        return FusedMultiplyAdd.singles(csr, b, c, a, NEGATED_SUBTRACT);
    }
}
