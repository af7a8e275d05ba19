package dev.carafe.core.cpu;

/**
 * MXCSR: masks, rounding and sticky exceptions of SSE (SDM Vol. 1, "MXCSR Control and Status
 * Register"). vCPU thread only.
 */
public final class MxCsr {
    public static final int RESET = 0x1F80;

    /** Bits that may be set; the others are reserved and raise #GP when loaded. */
    public static final int MASK = 0xFFFF;

    public static final int DAZ = 1 << 6;
    public static final int FTZ = 1 << 15;
    private static final int ROUNDING_SHIFT = 13;

    private int value = RESET;

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
}
