package dev.carafe.core.cpu;

/**
 * Fields of an 8-byte segment or gate descriptor (SDM Vol. 3A, "Segment Descriptors" and "IDT
 * Descriptors"), as functions of its raw value, and of the attributes that {@link Segments} keeps
 * of it.
 *
 * <p>Attributes are descriptor bits 55:40 with the limit's bits masked out: type in bits 3:0, S in
 * 4, DPL in 6:5, P in 7, AVL in 12, L in 13, D/B in 14, G in 15, and {@link #UNUSABLE} for a
 * segment register that holds a null selector.
 */
public final class Descriptor {
    public static final int TYPE = 0xF;
    public static final int CODE_OR_DATA = 1 << 4;
    public static final int DPL_SHIFT = 5;
    public static final int PRESENT = 1 << 7;
    public static final int LONG = 1 << 13;
    public static final int BIG = 1 << 14;
    public static final int GRANULARITY = 1 << 15;

    /** Not a descriptor bit: the register holds no segment. */
    public static final int UNUSABLE = 1 << 16;

    /** Type bits of code and data segments. */
    public static final int ACCESSED = 1;

    /** Data: writable. Code: readable. */
    public static final int WRITABLE_OR_READABLE = 1 << 1;

    /** Data: expand down. Code: conforming. */
    public static final int EXPAND_DOWN_OR_CONFORMING = 1 << 2;

    public static final int CODE = 1 << 3;

    /** System types (SDM Vol. 3A, "System-Segment and Gate-Descriptor Types"). */
    public static final int TSS16_AVAILABLE = 1;

    public static final int LDT = 2;
    public static final int TSS16_BUSY = 3;
    public static final int CALL_GATE16 = 4;
    public static final int TASK_GATE = 5;
    public static final int INTERRUPT_GATE16 = 6;
    public static final int TRAP_GATE16 = 7;
    public static final int TSS_AVAILABLE = 9;
    public static final int TSS_BUSY = 11;
    public static final int CALL_GATE = 12;
    public static final int INTERRUPT_GATE = 14;
    public static final int TRAP_GATE = 15;

    /** The type bit that makes an available TSS a busy one. */
    public static final int BUSY = 2;

    private static final int ATTRIBUTES = 0xF0FF;
    private static final int DATA_WRITABLE_ACCESSED = 0x93;
    private static final int USER_DATA = 0xF3;

    /** What real mode gives a segment register after reset. */
    public static final int REAL_MODE_ATTRIBUTES = DATA_WRITABLE_ACCESSED;

    /** What every segment register has in virtual-8086 mode. */
    public static final int VIRTUAL_8086_ATTRIBUTES = USER_DATA;

    private Descriptor() {}

    public static long base(long raw) {
        return raw >>> 16 & 0xFF_FFFF | raw >>> 32 & 0xFF00_0000L;
    }

    /** The limit in bytes, unsigned; G applied. */
    public static int limit(long raw) {
        int field = (int) (raw & 0xFFFF | raw >>> 32 & 0xF_0000);
        return (raw >>> 40 & GRANULARITY) != 0 ? field << 12 | 0xFFF : field;
    }

    public static int attributes(long raw) {
        return (int) (raw >>> 40) & ATTRIBUTES;
    }

    public static int type(int attributes) {
        return attributes & TYPE;
    }

    public static int dpl(int attributes) {
        return attributes >>> DPL_SHIFT & 3;
    }

    public static boolean present(int attributes) {
        return (attributes & PRESENT) != 0;
    }

    public static boolean usable(int attributes) {
        return (attributes & UNUSABLE) == 0;
    }

    public static boolean isSystem(int attributes) {
        return (attributes & CODE_OR_DATA) == 0;
    }

    public static boolean isCode(int attributes) {
        return (attributes & (CODE_OR_DATA | CODE)) == (CODE_OR_DATA | CODE);
    }

    public static boolean isData(int attributes) {
        return (attributes & (CODE_OR_DATA | CODE)) == CODE_OR_DATA;
    }

    public static boolean isWritableData(int attributes) {
        return isData(attributes) && (attributes & WRITABLE_OR_READABLE) != 0;
    }

    /** Data, or code that may be read. */
    public static boolean isReadable(int attributes) {
        return isData(attributes) || isCode(attributes) && (attributes & WRITABLE_OR_READABLE) != 0;
    }

    public static boolean isConforming(int attributes) {
        return isCode(attributes) && (attributes & EXPAND_DOWN_OR_CONFORMING) != 0;
    }

    public static boolean isExpandDown(int attributes) {
        return isData(attributes) && (attributes & EXPAND_DOWN_OR_CONFORMING) != 0;
    }

    /** Gates: the selector of the target. */
    public static int gateSelector(long raw) {
        return (int) (raw >>> 16) & 0xFFFF;
    }

    /** Gates: the low 32 bits of the target's offset. */
    public static long gateOffset(long raw) {
        return raw & 0xFFFF | raw >>> 32 & 0xFFFF_0000L;
    }

    /** Whether a selector is null, whatever its RPL. */
    public static boolean isNull(int selector) {
        return (selector & 0xFFFC) == 0;
    }
}
