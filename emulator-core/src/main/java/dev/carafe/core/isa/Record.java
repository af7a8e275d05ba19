package dev.carafe.core.isa;

/**
 * Layout of a decoded instruction in the flat arrays that the interpreter runs: two longs.
 *
 * <pre>
 * word 0   13:0  handler      18:14 register A   23:19 register B   28:24 base   33:29 index   35:34 scale
 *          40:36 slot of the segment base        42:41 address size (0: 64 bits, 1: 32, 2: 16)
 *          46:43 length       49:47 segment      50 A is a high byte (AH…)       51 B is a high byte
 *          56:52 register C (VEX.vvvv)
 * word 1   31:0  displacement   63:32 immediate
 *   of a direct jump   15:0 index of its target record (0: not linked yet)   63:16 the target's offset from the page's start
 * </pre>
 *
 * Register A is ModRM.rm or the register in the opcode, B is ModRM.reg. MOV with a 64-bit immediate
 * or offset uses all of word 1.
 */
public final class Record {
    public static final int LONGS = 2;

    public static final int HANDLER_MASK = 0x3FFF;
    public static final int A_SHIFT = 14;
    public static final int B_SHIFT = 19;
    public static final int BASE_SHIFT = 24;
    public static final int INDEX_SHIFT = 29;
    public static final int SCALE_SHIFT = 34;
    public static final int SEGMENT_BASE_SHIFT = 36;
    public static final int ADDRESS_SIZE_SHIFT = 41;
    public static final int LENGTH_SHIFT = 43;
    public static final int SEGMENT_SHIFT = 47;
    public static final int A_HIGH_BIT = 50;
    public static final int B_HIGH_BIT = 51;
    public static final int C_SHIFT = 52;

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
