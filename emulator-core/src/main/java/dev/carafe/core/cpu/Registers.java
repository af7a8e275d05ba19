package dev.carafe.core.cpu;

/**
 * Slots of the register file {@code Cpu.regs}. Behind the sixteen general registers lie slots that
 * make addressing free of branches: a constant zero for an absent base, index or segment, the
 * linear address of the current code page for RIP-relative operands, and the six segment bases.
 */
public final class Registers {
    public static final int RAX = 0;
    public static final int RCX = 1;
    public static final int RDX = 2;
    public static final int RBX = 3;
    public static final int RSP = 4;
    public static final int RBP = 5;
    public static final int RSI = 6;
    public static final int RDI = 7;
    public static final int R8 = 8;
    public static final int R11 = 11;
    public static final int R15 = 15;

    /** Always 0. */
    public static final int ZERO = 16;

    /** RIP of the first byte of the page that is being executed; in 64-bit code only. */
    public static final int CODE_PAGE = 17;

    /** Base of ES; those of CS, SS, DS, FS and GS follow. */
    public static final int SEGMENT_BASE = 18;

    /** A RIP-relative address that does not fit into a record's displacement. */
    public static final int FAR_OPERAND = 24;

    /** Length of the file: a power of two, so that five bits of a record never leave it. */
    public static final int COUNT = 32;

    private Registers() {}
}
