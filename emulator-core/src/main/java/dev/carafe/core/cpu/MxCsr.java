package dev.carafe.core.cpu;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;

/**
 * MXCSR: masks, rounding and sticky exceptions of SSE (SDM Vol. 1, "MXCSR Control and Status
 * Register"). vCPU thread only.
 *
 * <p>A scalar instruction raises its exceptions one by one. Around a packed one stand {@link
 * #begin} and {@link #commit}: the exceptions of all elements are collected, and reported together
 * before the destination is written.
 */
public final class MxCsr {
    public static final int RESET = 0x1F80;

    /** Bits that may be set; the others are reserved and raise #GP when loaded. */
    public static final int MASK = 0xFFFF;

    public static final int INVALID = 1;
    public static final int DENORMAL = 1 << 1;
    public static final int DIVIDE_BY_ZERO = 1 << 2;
    public static final int OVERFLOW = 1 << 3;
    public static final int UNDERFLOW = 1 << 4;
    public static final int PRECISION = 1 << 5;
    public static final int DAZ = 1 << 6;
    public static final int FTZ = 1 << 15;

    /** Where the masks of the exceptions begin. */
    public static final int MASK_SHIFT = 7;

    private static final int ALL = 0x3F;
    private static final int PRE_COMPUTATION = INVALID | DENORMAL | DIVIDE_BY_ZERO;
    public static final int ROUNDING_SHIFT = 13;
    private static final int STAGE_BITS = 8;

    private int value = RESET;
    private boolean collecting;
    private int collected; // the first stage's in the lowest bits
    private int stage; // bits to the left of them
    private boolean handled;

    public int get() {
        return value;
    }

    public void set(int newValue) {
        value = newValue;
    }

    /** 0 nearest even, 1 down, 2 up, 3 toward zero. */
    public int rounding() {
        return value >>> ROUNDING_SHIFT & 3;
    }

    /** CR4.OSXMMEXCPT: whether an unmasked exception is #XM; otherwise it is #UD. */
    public void setHandled(boolean operatingSystemHandles) {
        handled = operatingSystemHandles;
    }

    /** Exceptions wait for {@link #commit} from now on; only the operation may come between. */
    public void begin() {
        collecting = true;
        stage = 0;
    }

    /**
     * What follows computes with results of earlier stages of the same instruction, and is not done
     * where one of them faults. Has no meaning outside {@link #begin} and {@link #commit}.
     *
     * @param number 0 to 3
     */
    public void stage(int number) {
        stage = number * STAGE_BITS;
    }

    /** Reports what the elements of a packed operation have raised since {@link #begin}. */
    public void commit() {
        collecting = false;
        int exceptions = collected;
        collected = 0;
        while (exceptions != 0) {
            report(exceptions & ALL);
            exceptions >>>= STAGE_BITS;
        }
    }

    /** Sets flags, and faults if one of them is unmasked; at once or with {@link #commit}. */
    public void raise(int exceptions) {
        if (collecting) {
            collected |= exceptions << stage;
        } else {
            report(exceptions);
        }
    }

    /**
     * An unmasked exception that is found before the computation keeps every element from it (SDM
     * Vol. 1, "Exception Conditions": pre- and post-computation).
     */
    private void report(int exceptions) {
        int unmasked = exceptions & ~(value >>> MASK_SHIFT) & ALL;
        boolean computed = (unmasked & PRE_COMPUTATION) == 0;
        value |= computed ? exceptions : exceptions & PRE_COMPUTATION;
        if (unmasked != 0) {
            throw CpuFault.of(
                    handled ? ExceptionVector.SIMD_ERROR : ExceptionVector.INVALID_OPCODE);
        }
    }
}
