package dev.carafe.core.isa;

/**
 * Layout of a decoded instruction in the flat arrays that the interpreter runs: two longs.
 *
 * <pre>
 * word 0   11:0  handler      16:12 register A   21:17 register B   26:22 base   31:27 index   33:32 scale
 *          38:34 slot of the segment base        40:39 address size (0: 64 bits, 1: 32, 2: 16)
 *          44:41 length       47:45 segment      48 A is a high byte (AH…)       49 B is a high byte
 *          54:50 register C (VEX.vvvv)
 * word 1   31:0  displacement   63:32 immediate
 *   of a direct jump   15:0 index of its target record (0: not linked yet)   63:16 the target's offset from the page's start
 * </pre>
 *
 * Register A is ModRM.rm or the register in the opcode, B is ModRM.reg. MOV with a 64-bit immediate
 * or offset uses all of word 1.
 */
public final class Record {
    public static final int LONGS = 2;

    public static final int HANDLER_MASK = 0xFFF;
    public static final int A_SHIFT = 12;
    public static final int B_SHIFT = 17;
    public static final int BASE_SHIFT = 22;
    public static final int INDEX_SHIFT = 27;
    public static final int SCALE_SHIFT = 32;
    public static final int SEGMENT_BASE_SHIFT = 34;
    public static final int ADDRESS_SIZE_SHIFT = 39;
    public static final int LENGTH_SHIFT = 41;
    public static final int SEGMENT_SHIFT = 45;
    public static final int A_HIGH_BIT = 48;
    public static final int B_HIGH_BIT = 49;
    public static final int C_SHIFT = 50;

    private static final int LINK_MASK = 0xFFFF;
    private static final int TARGET_SHIFT = 16;
    private static final int SLOT_MASK = 31;

    private Record() {}

    public static int handler(long word0) {
        return (int) word0 & HANDLER_MASK;
    }

    public static long withHandler(long word0, int handler) {
        return word0 & ~(long) HANDLER_MASK | handler;
    }

    public static int a(long word0) {
        return (int) (word0 >>> A_SHIFT) & SLOT_MASK;
    }

    public static int b(long word0) {
        return (int) (word0 >>> B_SHIFT) & SLOT_MASK;
    }

    public static int c(long word0) {
        return (int) (word0 >>> C_SHIFT) & SLOT_MASK;
    }

    /** 8 when register A is one of AH, CH, DH, BH, otherwise 0: how far its byte lies up. */
    public static int aHighShift(long word0) {
        return (int) (word0 >>> A_HIGH_BIT - 3) & 8;
    }

    public static int bHighShift(long word0) {
        return (int) (word0 >>> B_HIGH_BIT - 3) & 8;
    }

    public static int base(long word0) {
        return (int) (word0 >>> BASE_SHIFT) & SLOT_MASK;
    }

    public static int index(long word0) {
        return (int) (word0 >>> INDEX_SHIFT) & SLOT_MASK;
    }

    public static int scale(long word0) {
        return (int) (word0 >>> SCALE_SHIFT) & 3;
    }

    public static int segmentBase(long word0) {
        return (int) (word0 >>> SEGMENT_BASE_SHIFT) & SLOT_MASK;
    }

    public static int addressSize(long word0) {
        return (int) (word0 >>> ADDRESS_SIZE_SHIFT) & 3;
    }

    public static int length(long word0) {
        return (int) (word0 >>> LENGTH_SHIFT) & 15;
    }

    public static int segment(long word0) {
        return (int) (word0 >>> SEGMENT_SHIFT) & 7;
    }

    public static long displacement(long word1) {
        return (int) word1;
    }

    public static long immediate(long word1) {
        return word1 >> 32;
    }

    /** Direct jumps: index of the target record in the same page, or 0. */
    public static int link(long word1) {
        return (int) word1 & LINK_MASK;
    }

    public static long withLink(long word1, int link) {
        return word1 & ~(long) LINK_MASK | link;
    }

    /** Direct jumps: the target's signed offset from the first byte of the page. */
    public static long target(long word1) {
        return word1 >> TARGET_SHIFT;
    }

    public static long jumpWord1(long target) {
        return target << TARGET_SHIFT;
    }

    public static long word1(long displacement, long immediate) {
        return immediate << 32 | displacement & 0xFFFFFFFFL;
    }
}
