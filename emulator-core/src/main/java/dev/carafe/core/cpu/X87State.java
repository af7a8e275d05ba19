package dev.carafe.core.cpu;

import java.util.Arrays;

/**
 * Registers of the x87 FPU and MMX (SDM Vol. 1, "x87 FPU Execution Environment"). vCPU thread only.
 *
 * <p>Not modelled: arithmetic; the registers only keep what FXRSTOR and the control instructions
 * put there.
 */
public final class X87State {
    public static final int REGISTERS = 8;

    private static final int CONTROL_AT_RESET = 0x40;
    private static final int TAGS_AT_RESET = 0x5555;
    private static final int CONTROL_AFTER_FNINIT = 0x37F;
    private static final int ALL_EMPTY = 0xFFFF;

    /**
     * 64-bit significands; the MMX registers are the same storage. Indexed by physical register
     * number.
     */
    public final long[] significand = new long[REGISTERS];

    /** Sign and exponent, 16 bits. */
    public final int[] signExponent = new int[REGISTERS];

    public int controlWord;
    public int statusWord;

    /** Full tag word: two bits for each physical register, 3 means empty. */
    public int tagWord;

    public int opcode;
    public long instructionPointer;
    public long dataPointer;

    /** Power-up and reset; INIT leaves the FPU alone. */
    void powerUp() {
        initialize();
        controlWord = CONTROL_AT_RESET;
        tagWord = TAGS_AT_RESET;
        Arrays.fill(significand, 0);
        Arrays.fill(signExponent, 0);
    }

    /** FNINIT: registers keep their contents but are tagged empty. */
    public void initialize() {
        controlWord = CONTROL_AFTER_FNINIT;
        statusWord = 0;
        tagWord = ALL_EMPTY;
        opcode = 0;
        instructionPointer = 0;
        dataPointer = 0;
    }

    /** EMMS: every register is empty. */
    public void emptyAll() {
        tagWord = ALL_EMPTY;
    }

    /** TOP of the status word. */
    public int top() {
        return statusWord >>> 11 & 7;
    }
}
