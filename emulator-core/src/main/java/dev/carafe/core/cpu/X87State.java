package dev.carafe.core.cpu;

import java.util.Arrays;

/**
 * Registers of the x87 FPU and MMX (SDM Vol. 1, "x87 FPU Execution Environment"), and what the
 * instruction being executed has found so far. vCPU thread only.
 */
public final class X87State {
    public static final int REGISTERS = 8;

    /** Status word: the exception flags, which stand at the places of their masks. */
    public static final int EXCEPTIONS = 0x3F;

    /** Status word: exception summary and busy, which always agree. */
    public static final int SUMMARY = 0x8080;

    /** Status word: TOP. */
    public static final int TOP = 0x3800;

    private static final int TOP_SHIFT = 11;
    private static final int CONTROL_WRITABLE = 0x1F3F;
    private static final int CONTROL_ALWAYS = 0x40;
    private static final int OPCODE_BITS = 0x7FF;

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

    /**
     * Two bits for each physical register: 3 means empty. Whether any other is valid, zero or
     * special is seen from its contents when the tag word is stored.
     */
    public int tagWord;

    public int opcode;
    public int codeSelector;
    public int dataSelector;
    public long instructionPointer;
    public long dataPointer;

    /** Exceptions that the current instruction has found, as in the status word; SF with IE. */
    public int raised;

    /** C1 after the current instruction: rounded up, or the stack overflowed. */
    public boolean roundedUp;

    /** Sign and exponent of a result whose significand is being returned. */
    public int resultSignExponent;

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
        codeSelector = 0;
        dataSelector = 0;
        instructionPointer = 0;
        dataPointer = 0;
    }

    /** EMMS: every register is empty, and TOP is 0. */
    public void emptyAll() {
        setTop(0);
        tagWord = ALL_EMPTY;
    }

    /** TOP of the status word. */
    public int top() {
        return statusWord >>> TOP_SHIFT & 7;
    }

    public void setTop(int top) {
        statusWord = statusWord & ~TOP | (top & 7) << TOP_SHIFT;
    }

    /** Loads the control word; reserved bits keep their values. */
    public void setControlWord(int value) {
        controlWord = value & CONTROL_WRITABLE | CONTROL_ALWAYS;
        summarize();
    }

    /** Loads the status word; ES and B follow from the flags and masks. */
    public void setStatusWord(int value) {
        statusWord = value & 0xFFFF;
        summarize();
    }

    public void setOpcode(int value) {
        opcode = value & OPCODE_BITS;
    }

    /** Sets ES and B if an exception flag is set that is not masked, otherwise clears them. */
    public void summarize() {
        boolean pending = (statusWord & ~controlWord & EXCEPTIONS) != 0;
        statusWord = pending ? statusWord | SUMMARY : statusWord & ~SUMMARY;
    }

    /** Whether an unmasked exception waits for the next waiting instruction. */
    public boolean pending() {
        return (statusWord & SUMMARY) != 0;
    }

    /** The physical register that ST(i) is. */
    public int physical(int i) {
        return top() + i & 7;
    }

    public boolean isEmpty(int physical) {
        return (tagWord >>> 2 * physical & 3) == 3;
    }

    public void markEmpty(int physical) {
        tagWord |= 3 << 2 * physical;
    }

    /** Writes a register and marks it in use. */
    public void set(int physical, int newSignExponent, long newSignificand) {
        significand[physical] = newSignificand;
        signExponent[physical] = newSignExponent;
        tagWord &= ~(3 << 2 * physical);
    }

    /** The tag word as stored: each register's contents decide. */
    public int storedTagWord() {
        int tags = 0;
        for (int i = 0; i < REGISTERS; i++) {
            tags |= (isEmpty(i) ? 3 : tag(signExponent[i], significand[i])) << 2 * i;
        }
        return tags;
    }

    private static int tag(int signExponent, long significand) {
        int exponent = signExponent & 0x7FFF;
        if (exponent == 0 && significand == 0) {
            return 1;
        }
        return exponent == 0 || exponent == 0x7FFF || significand >= 0 ? 2 : 0;
    }
}
