package dev.carafe.core.isa.sse;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.MxCsr;

/** Comparisons, minimum and maximum (SDM Vol. 2, CMPSD, COMISD, UCOMISD, MINSD, MAXSD). */
final class FloatComparison {
    private static final int UNORDERED = 2;
    private static final int ALL_STATUS = Flags.ZF | Flags.PF | Flags.CF;

    private FloatComparison() {}

    /** −1, 0, 1, or {@link #UNORDERED}; operands flushed already. */
    private static int order(FloatFormat f, long a, long b) {
        if (f.isNan(a) || f.isNan(b)) {
            return UNORDERED;
        }
        return Long.compare(signed(f, a), signed(f, b));
    }

    private static long signed(FloatFormat f, long value) {
        return f.negative(value) ? -f.magnitude(value) : f.magnitude(value);
    }

    private static void raise(FloatFormat f, MxCsr csr, boolean quietSignals, long a, long b) {
        boolean signaling = f.isSignaling(a) || f.isSignaling(b);
        boolean nan = f.isNan(a) || f.isNan(b);
        if (signaling || quietSignals && nan) {
            SimdExceptions.raise(csr, SimdExceptions.INVALID);
        } else if (!nan) {
            SimdExceptions.raise(csr, FloatArithmetic.denormal(f, a, b));
        }
    }

    /**
     * CMPxx: all ones or all zeros. Predicates LT, LE, NLT and NLE signal quiet NaNs too; bit 2
     * negates, bit 3 lets unordered operands hold where they would not, and the other way round,
     * and bit 4 exchanges quiet and signaling (SDM Vol. 2, CMPPD, "Comparison Predicate for CMPPD
     * and CMPPS Instructions").
     */
    static long compare(FloatFormat f, MxCsr csr, long first, long second, int predicate) {
        long a = FloatArithmetic.flushed(f, csr, first);
        long b = FloatArithmetic.flushed(f, csr, second);
        int kind = predicate & 3;
        raise(f, csr, (kind == 1 || kind == 2) != ((predicate & 16) != 0), a, b);
        int order = order(f, a, b);
        boolean holds =
                switch (kind) {
                    case 0 -> order == 0;
                    case 1 -> order == -1;
                    case 2 -> order == -1 || order == 0;
                    default -> order == UNORDERED;
                };
        boolean negated = (predicate & 4) != 0;
        if ((predicate & 8) != 0 && order == UNORDERED) {
            holds = !holds;
        }
        return holds != negated ? -1L >>> (64 - f.bits()) : 0;
    }

    /** COMIS and UCOMIS: ZF, PF and CF tell the order, the other status flags are cleared. */
    static void compare(
            FloatFormat f, MxCsr csr, Flags flags, boolean quietSignals, long first, long second) {
        long a = FloatArithmetic.flushed(f, csr, first);
        long b = FloatArithmetic.flushed(f, csr, second);
        raise(f, csr, quietSignals, a, b);
        flags.set(
                switch (order(f, a, b)) {
                    case -1 -> Flags.CF;
                    case 0 -> Flags.ZF;
                    case 1 -> 0;
                    default -> ALL_STATUS;
                });
    }

    /** The second operand if either is a NaN or both are zeros. */
    static long minimum(FloatFormat f, MxCsr csr, long first, long second) {
        long a = FloatArithmetic.flushed(f, csr, first);
        long b = FloatArithmetic.flushed(f, csr, second);
        raise(f, csr, true, a, b);
        return order(f, a, b) == -1 ? a : b;
    }

    static long maximum(FloatFormat f, MxCsr csr, long first, long second) {
        long a = FloatArithmetic.flushed(f, csr, first);
        long b = FloatArithmetic.flushed(f, csr, second);
        raise(f, csr, true, a, b);
        return order(f, a, b) == 1 ? a : b;
    }
}
