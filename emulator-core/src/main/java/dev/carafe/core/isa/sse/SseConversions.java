package dev.carafe.core.isa.sse;

import static dev.carafe.core.isa.Operation.*;
import static dev.carafe.core.isa.sse.FloatFormat.DOUBLE;
import static dev.carafe.core.isa.sse.FloatFormat.SINGLE;

import dev.carafe.core.cpu.MxCsr;
import dev.carafe.core.cpu.Width;
import dev.carafe.core.isa.Lanewise;
import dev.carafe.core.isa.ScalarResult;
import dev.carafe.core.isa.Semantics;
import dev.carafe.core.isa.WholeRegister;

/** Conversions (SDM Vol. 1, "SSE2 Conversion Instructions"). */
public final class SseConversions {
    private SseConversions() {}

    /** {@code width} is that of the integer source. */
    @Semantics(CVTSI2SD)
    @ScalarResult(64)
    public static long cvtsi2sd(MxCsr csr, Width width, long a, long b) {
        return FloatConversion.fromInteger(DOUBLE, csr, width.signExtend(b));
    }

    /** {@code width} is that of the integer result. */
    @Semantics(CVTSD2SI)
    public static long cvtsd2si(MxCsr csr, Width width, long b) {
        return FloatConversion.toInteger(DOUBLE, csr, width, false, b);
    }

    /** {@code width} is that of the integer result. */
    @Semantics(CVTTSD2SI)
    public static long cvttsd2si(MxCsr csr, Width width, long b) {
        return FloatConversion.toInteger(DOUBLE, csr, width, true, b);
    }

    /** {@code width} is that of the integer source. */
    @Semantics(CVTSI2SS)
    @ScalarResult(32)
    public static long cvtsi2ss(MxCsr csr, Width width, long a, long b) {
        return FloatConversion.fromInteger(SINGLE, csr, width.signExtend(b));
    }

    /** {@code width} is that of the integer result. */
    @Semantics(CVTSS2SI)
    public static long cvtss2si(MxCsr csr, Width width, long b) {
        return FloatConversion.toInteger(SINGLE, csr, width, false, Single.low(b));
    }

    /** {@code width} is that of the integer result. */
    @Semantics(CVTTSS2SI)
    public static long cvttss2si(MxCsr csr, Width width, long b) {
        return FloatConversion.toInteger(SINGLE, csr, width, true, Single.low(b));
    }

    @Semantics(CVTSD2SS)
    @ScalarResult(32)
    public static long cvtsd2ss(MxCsr csr, long a, long b) {
        return FloatConversion.convert(DOUBLE, SINGLE, csr, b);
    }

    @Semantics(CVTSS2SD)
    @ScalarResult(64)
    public static long cvtss2sd(MxCsr csr, long a, long b) {
        return FloatConversion.convert(SINGLE, DOUBLE, csr, Single.low(b));
    }

    /** A source in memory leaves the x87 state alone, as for CVTPI2PD. */
    @Semantics(CVTPI2PS)
    @ScalarResult(64)
    public static long cvtpi2ps(MxCsr csr, long b) {
        return cvtdq2ps(csr, b);
    }

    @Semantics(CVTPD2PI)
    @WholeRegister
    public static long cvtpd2pi(MxCsr csr, long low, long high, int immediate) {
        long first = cvtsd2si(csr, Width.W32, low);
        return Single.pair(first, cvtsd2si(csr, Width.W32, high));
    }

    @Semantics(CVTTPD2PI)
    @WholeRegister
    public static long cvttpd2pi(MxCsr csr, long low, long high, int immediate) {
        long first = cvttsd2si(csr, Width.W32, low);
        return Single.pair(first, cvttsd2si(csr, Width.W32, high));
    }

    @Semantics(CVTDQ2PS)
    @Lanewise
    public static long cvtdq2ps(MxCsr csr, long b) {
        long low = FloatConversion.fromInteger(SINGLE, csr, (int) b);
        return Single.pair(low, FloatConversion.fromInteger(SINGLE, csr, b >> 32));
    }

    @Semantics({CVTPS2DQ, CVTPS2PI})
    @Lanewise
    public static long cvtps2dq(MxCsr csr, long b) {
        long low = cvtss2si(csr, Width.W32, b);
        return Single.pair(low, cvtss2si(csr, Width.W32, b >>> 32));
    }

    @Semantics({CVTTPS2DQ, CVTTPS2PI})
    @Lanewise
    public static long cvttps2dq(MxCsr csr, long b) {
        long low = cvttss2si(csr, Width.W32, b);
        return Single.pair(low, cvttss2si(csr, Width.W32, b >>> 32));
    }

    @Semantics(CVTPS2PD)
    @WholeRegister
    public static void cvtps2pd(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        long first = FloatConversion.convert(SINGLE, DOUBLE, csr, Single.low(low));
        long second = FloatConversion.convert(SINGLE, DOUBLE, csr, low >>> 32);
        xmm[destination] = first;
        xmm[destination + 1] = second;
    }

    @Semantics({CVTDQ2PD, CVTPI2PD})
    @WholeRegister
    public static void cvtdq2pd(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        long first = FloatConversion.fromInteger(DOUBLE, csr, (int) low);
        long second = FloatConversion.fromInteger(DOUBLE, csr, low >> 32);
        xmm[destination] = first;
        xmm[destination + 1] = second;
    }

    @Semantics(CVTPD2PS)
    @WholeRegister
    public static void cvtpd2ps(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        long first = FloatConversion.convert(DOUBLE, SINGLE, csr, low);
        xmm[destination] = Single.pair(first, FloatConversion.convert(DOUBLE, SINGLE, csr, high));
        xmm[destination + 1] = 0;
    }

    @Semantics(CVTPD2DQ)
    @WholeRegister
    public static void cvtpd2dq(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = cvtpd2pi(csr, low, high, immediate);
        xmm[destination + 1] = 0;
    }

    @Semantics(CVTTPD2DQ)
    @WholeRegister
    public static void cvttpd2dq(
            MxCsr csr, long[] xmm, int destination, long low, long high, int immediate) {
        xmm[destination] = cvttpd2pi(csr, low, high, immediate);
        xmm[destination + 1] = 0;
    }
}
