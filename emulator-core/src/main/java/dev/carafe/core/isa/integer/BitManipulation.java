package dev.carafe.core.isa.integer;

import static dev.carafe.core.isa.Operation.BEXTR;
import static dev.carafe.core.isa.Operation.BLSI;
import static dev.carafe.core.isa.Operation.BLSMSK;
import static dev.carafe.core.isa.Operation.BLSR;
import static dev.carafe.core.isa.Operation.BZHI;
import static dev.carafe.core.isa.Operation.PDEP;
import static dev.carafe.core.isa.Operation.PEXT;

import dev.carafe.core.cpu.Flags;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Semantics;

/** BMI1 and BMI2 (SDM Vol. 1, "Bit Manipulation Instructions"), 32 and 64 bits. */
public final class BitManipulation {
    private BitManipulation() {}

    /** Bits 7:0 of the control are the start, bits 15:8 the length. */
    @Semantics(BEXTR)
    public static long extract(Flags flags, Width width, long a, long control) {
        int start = (int) control & 0xFF;
        int length = (int) control >>> 8 & 0xFF;
        long moved = start > 63 ? 0 : a >>> start;
        long result = length > 63 ? moved : moved & (1L << length) - 1;
        flags.set(result == 0 ? Flags.ZF : 0);
        return result;
    }

    @Semantics(BLSI)
    public static long lowestSet(Flags flags, Width width, long a) {
        long result = a & -a;
        flags.afterBitManipulation(width, result, a == 0 ? 0 : 1);
        return result;
    }

    @Semantics(BLSMSK)
    public static long maskUpToLowestSet(Flags flags, Width width, long a) {
        long result = width.truncate(a ^ a - 1);
        flags.afterBitManipulation(width, result, a == 0 ? 1 : 0);
        return result;
    }

    @Semantics(BLSR)
    public static long resetLowestSet(Flags flags, Width width, long a) {
        long result = a & a - 1;
        flags.afterBitManipulation(width, result, a == 0 ? 1 : 0);
        return result;
    }

    @Semantics(BZHI)
    public static long zeroHigh(Flags flags, Width width, long a, long index) {
        int n = (int) index & 0xFF;
        boolean beyond = n >= width.bits();
        long result = beyond ? a : a & (1L << n) - 1;
        flags.afterBitManipulation(width, result, beyond ? 1 : 0);
        return result;
    }

    @Semantics(PDEP)
    public static long deposit(Width width, long a, long mask) {
        return Long.expand(a, mask);
    }

    @Semantics(PEXT)
    public static long extractParallel(Width width, long a, long mask) {
        return Long.compress(a, mask);
    }
}
