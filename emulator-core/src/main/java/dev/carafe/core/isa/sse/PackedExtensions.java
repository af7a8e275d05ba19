package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.PMOVSXBD;
import static dev.carafe.core.isa.Operation.PMOVSXBQ;
import static dev.carafe.core.isa.Operation.PMOVSXBW;
import static dev.carafe.core.isa.Operation.PMOVSXDQ;
import static dev.carafe.core.isa.Operation.PMOVSXWD;
import static dev.carafe.core.isa.Operation.PMOVSXWQ;
import static dev.carafe.core.isa.Operation.PMOVZXBD;
import static dev.carafe.core.isa.Operation.PMOVZXBQ;
import static dev.carafe.core.isa.Operation.PMOVZXBW;
import static dev.carafe.core.isa.Operation.PMOVZXDQ;
import static dev.carafe.core.isa.Operation.PMOVZXWD;
import static dev.carafe.core.isa.Operation.PMOVZXWQ;

import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/** Sign and zero extension (SDM Vol. 1, "Packed Integer Format Conversions"). */
public final class PackedExtensions {
    private PackedExtensions() {}

    @Semantics(PMOVSXBW)
    @WholeRegister
    public static void pmovsxbw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(8, 16, low, true);
        xmm[destination + 1] = widened(8, 16, low >>> 32, true);
    }

    @Semantics(PMOVSXBD)
    @WholeRegister
    public static void pmovsxbd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(8, 32, low, true);
        xmm[destination + 1] = widened(8, 32, low >>> 16, true);
    }

    @Semantics(PMOVSXBQ)
    @WholeRegister
    public static void pmovsxbq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(8, 64, low, true);
        xmm[destination + 1] = widened(8, 64, low >>> 8, true);
    }

    @Semantics(PMOVSXWD)
    @WholeRegister
    public static void pmovsxwd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(16, 32, low, true);
        xmm[destination + 1] = widened(16, 32, low >>> 32, true);
    }

    @Semantics(PMOVSXWQ)
    @WholeRegister
    public static void pmovsxwq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(16, 64, low, true);
        xmm[destination + 1] = widened(16, 64, low >>> 16, true);
    }

    @Semantics(PMOVSXDQ)
    @WholeRegister
    public static void pmovsxdq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(32, 64, low, true);
        xmm[destination + 1] = widened(32, 64, low >>> 32, true);
    }

    @Semantics(PMOVZXBW)
    @WholeRegister
    public static void pmovzxbw(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(8, 16, low, false);
        xmm[destination + 1] = widened(8, 16, low >>> 32, false);
    }

    @Semantics(PMOVZXBD)
    @WholeRegister
    public static void pmovzxbd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(8, 32, low, false);
        xmm[destination + 1] = widened(8, 32, low >>> 16, false);
    }

    @Semantics(PMOVZXBQ)
    @WholeRegister
    public static void pmovzxbq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(8, 64, low, false);
        xmm[destination + 1] = widened(8, 64, low >>> 8, false);
    }

    @Semantics(PMOVZXWD)
    @WholeRegister
    public static void pmovzxwd(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(16, 32, low, false);
        xmm[destination + 1] = widened(16, 32, low >>> 32, false);
    }

    @Semantics(PMOVZXWQ)
    @WholeRegister
    public static void pmovzxwq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(16, 64, low, false);
        xmm[destination + 1] = widened(16, 64, low >>> 16, false);
    }

    @Semantics(PMOVZXDQ)
    @WholeRegister
    public static void pmovzxdq(long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = widened(32, 64, low, false);
        xmm[destination + 1] = widened(32, 64, low >>> 32, false);
    }

    /** The lowest elements of a quadword, so many as fill one. */
    private static long widened(int from, int to, long source, boolean signed) {
        long result = 0;
        for (int i = 0; i * to < 64; i++) {
            long element =
                    signed
                            ? Elements.signedAt(from, source, i * from)
                            : source >>> i * from & Elements.mask(from);
            result |= (to == 64 ? element : element & Elements.mask(to)) << i * to;
        }
        return result;
    }
}
