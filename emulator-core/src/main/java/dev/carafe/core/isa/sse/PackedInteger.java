package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.ANDNPD;
import static dev.carafe.core.isa.Operation.ANDNPS;
import static dev.carafe.core.isa.Operation.ANDPD;
import static dev.carafe.core.isa.Operation.ANDPS;
import static dev.carafe.core.isa.Operation.ORPD;
import static dev.carafe.core.isa.Operation.ORPS;
import static dev.carafe.core.isa.Operation.PADDB;
import static dev.carafe.core.isa.Operation.PADDD;
import static dev.carafe.core.isa.Operation.PADDQ;
import static dev.carafe.core.isa.Operation.PADDW;
import static dev.carafe.core.isa.Operation.PAND;
import static dev.carafe.core.isa.Operation.PANDN;
import static dev.carafe.core.isa.Operation.PCMPEQB;
import static dev.carafe.core.isa.Operation.PCMPEQD;
import static dev.carafe.core.isa.Operation.PCMPEQQ;
import static dev.carafe.core.isa.Operation.PCMPEQW;
import static dev.carafe.core.isa.Operation.PCMPGTB;
import static dev.carafe.core.isa.Operation.PCMPGTD;
import static dev.carafe.core.isa.Operation.PCMPGTQ;
import static dev.carafe.core.isa.Operation.PCMPGTW;
import static dev.carafe.core.isa.Operation.POR;
import static dev.carafe.core.isa.Operation.PSUBB;
import static dev.carafe.core.isa.Operation.PSUBD;
import static dev.carafe.core.isa.Operation.PSUBQ;
import static dev.carafe.core.isa.Operation.PSUBW;
import static dev.carafe.core.isa.Operation.PXOR;
import static dev.carafe.core.isa.Operation.XORPD;
import static dev.carafe.core.isa.Operation.XORPS;

import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.Semantics;

/**
 * Packed integer addition, comparison and logic (SDM Vol. 1, "SSE2 128-Bit SIMD Integer
 * Instructions").
 */
public final class PackedInteger {
    private PackedInteger() {}

    @Semantics({PAND, ANDPS, ANDPD})
    @Lanewise
    public static long pand(long a, long b) {
        return a & b;
    }

    @Semantics({PANDN, ANDNPS, ANDNPD})
    @Lanewise
    public static long pandn(long a, long b) {
        return ~a & b;
    }

    @Semantics({POR, ORPS, ORPD})
    @Lanewise
    public static long por(long a, long b) {
        return a | b;
    }

    @Semantics({PXOR, XORPS, XORPD})
    @Lanewise
    public static long pxor(long a, long b) {
        return a ^ b;
    }

    @Semantics(PADDB)
    @Lanewise
    public static long paddb(long a, long b) {
        return add(8, a, b);
    }

    @Semantics(PADDW)
    @Lanewise
    public static long paddw(long a, long b) {
        return add(16, a, b);
    }

    @Semantics(PADDD)
    @Lanewise
    public static long paddd(long a, long b) {
        return add(32, a, b);
    }

    @Semantics(PADDQ)
    @Lanewise
    public static long paddq(long a, long b) {
        return a + b;
    }

    @Semantics(PSUBB)
    @Lanewise
    public static long psubb(long a, long b) {
        return subtract(8, a, b);
    }

    @Semantics(PSUBW)
    @Lanewise
    public static long psubw(long a, long b) {
        return subtract(16, a, b);
    }

    @Semantics(PSUBD)
    @Lanewise
    public static long psubd(long a, long b) {
        return subtract(32, a, b);
    }

    @Semantics(PSUBQ)
    @Lanewise
    public static long psubq(long a, long b) {
        return a - b;
    }

    @Semantics(PCMPEQB)
    @Lanewise
    public static long pcmpeqb(long a, long b) {
        return equal(8, a, b);
    }

    @Semantics(PCMPEQW)
    @Lanewise
    public static long pcmpeqw(long a, long b) {
        return equal(16, a, b);
    }

    @Semantics(PCMPEQD)
    @Lanewise
    public static long pcmpeqd(long a, long b) {
        return equal(32, a, b);
    }

    @Semantics(PCMPEQQ)
    @Lanewise
    public static long pcmpeqq(long a, long b) {
        return a == b ? -1 : 0;
    }

    @Semantics(PCMPGTQ)
    @Lanewise
    public static long pcmpgtq(long a, long b) {
        return a > b ? -1 : 0;
    }

    @Semantics(PCMPGTB)
    @Lanewise
    public static long pcmpgtb(long a, long b) {
        return Elements.signed(8, a, b, (x, y) -> x > y ? -1 : 0);
    }

    @Semantics(PCMPGTW)
    @Lanewise
    public static long pcmpgtw(long a, long b) {
        return Elements.signed(16, a, b, (x, y) -> x > y ? -1 : 0);
    }

    @Semantics(PCMPGTD)
    @Lanewise
    public static long pcmpgtd(long a, long b) {
        return Elements.signed(32, a, b, (x, y) -> x > y ? -1 : 0);
    }

    /**
     * Adds without the top bits, which cannot carry into the next element, and puts them in
     * afterwards.
     */
    private static long add(int bits, long a, long b) {
        long tops = Elements.ones(bits) << (bits - 1);
        return (a & ~tops) + (b & ~tops) ^ (a ^ b) & tops;
    }

    private static long subtract(int bits, long a, long b) {
        long tops = Elements.ones(bits) << (bits - 1);
        return (a | tops) - (b & ~tops) ^ (a ^ ~b) & tops;
    }

    private static long equal(int bits, long a, long b) {
        long ones = Elements.ones(bits);
        long below = ~(ones << (bits - 1));
        long difference = a ^ b;
        long differing =
                ((difference & below) + below | difference) >>> (bits - 1)
                        & ones; // bit 0 of each that differs
        return (differing ^ ones) * Elements.mask(bits);
    }
}
