package dev.carafe.core.isa.avx;

import static dev.carafe.core.isa.Operation.*;

import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;

/**
 * Shifts with a count for each element (SDM Vol. 2, VPSLLVD, VPSRLVD, VPSRAVD). A count beyond the
 * element clears it, or fills it with its sign.
 */
public final class VariableShifts {
    private static final long LOW = 0xFFFF_FFFFL;

    private VariableShifts() {}

    @Semantics(VPSLLVQ)
    @Lanewise
    public static long vpsllvq(long a, long count) {
        return Long.compareUnsigned(count, Long.SIZE) < 0 ? a << count : 0;
    }

    @Semantics(VPSRLVQ)
    @Lanewise
    public static long vpsrlvq(long a, long count) {
        return Long.compareUnsigned(count, Long.SIZE) < 0 ? a >>> count : 0;
    }

    @Semantics(VPSLLVD)
    @Lanewise
    public static long vpsllvd(long a, long count) {
        long low = vpsllvq(a & LOW, count & LOW) & LOW;
        return vpsllvq(a >>> 32, count >>> 32) << 32 | low;
    }

    @Semantics(VPSRLVD)
    @Lanewise
    public static long vpsrlvd(long a, long count) {
        return vpsrlvq(a >>> 32, count >>> 32) << 32 | vpsrlvq(a & LOW, count & LOW);
    }

    @Semantics(VPSRAVD)
    @Lanewise
    public static long vpsravd(long a, long count) {
        long low = (int) a >> Math.min(count & LOW, Integer.SIZE - 1);
        return a >> 32 >> Math.min(count >>> 32, Integer.SIZE - 1) << 32 | low & LOW;
    }
}
