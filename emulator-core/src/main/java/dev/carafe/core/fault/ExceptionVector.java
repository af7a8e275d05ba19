package dev.carafe.core.fault;

/** Exception vectors (SDM Vol. 3A, "Exception and Interrupt Vectors"). */
public final class ExceptionVector {
    public static final int DIVIDE_ERROR = 0;
    public static final int DEBUG = 1;
    public static final int NMI = 2;
    public static final int BREAKPOINT = 3;
    public static final int OVERFLOW = 4;
    public static final int BOUND_RANGE = 5;
    public static final int INVALID_OPCODE = 6;
    public static final int DEVICE_NOT_AVAILABLE = 7;
    public static final int DOUBLE_FAULT = 8;
    public static final int INVALID_TSS = 10;
    public static final int SEGMENT_NOT_PRESENT = 11;
    public static final int STACK_FAULT = 12;
    public static final int GENERAL_PROTECTION = 13;
    public static final int PAGE_FAULT = 14;
    public static final int X87_ERROR = 16;
    public static final int ALIGNMENT_CHECK = 17;
    public static final int MACHINE_CHECK = 18;
    public static final int SIMD_ERROR = 19;
    public static final int CONTROL_PROTECTION = 21;

    private ExceptionVector() {}

    /** Whether the processor pushes an error code for this vector. */
    public static boolean hasErrorCode(int vector) {
        return switch (vector) {
            case DOUBLE_FAULT,
                    INVALID_TSS,
                    SEGMENT_NOT_PRESENT,
                    STACK_FAULT,
                    GENERAL_PROTECTION,
                    PAGE_FAULT,
                    ALIGNMENT_CHECK,
                    CONTROL_PROTECTION ->
                    true;
            default -> false;
        };
    }

    /** The manual's short name, such as {@code #GP}. */
    public static String name(int vector) {
        return switch (vector) {
            case DIVIDE_ERROR -> "#DE";
            case DEBUG -> "#DB";
            case NMI -> "NMI";
            case BREAKPOINT -> "#BP";
            case OVERFLOW -> "#OF";
            case BOUND_RANGE -> "#BR";
            case INVALID_OPCODE -> "#UD";
            case DEVICE_NOT_AVAILABLE -> "#NM";
            case DOUBLE_FAULT -> "#DF";
            case INVALID_TSS -> "#TS";
            case SEGMENT_NOT_PRESENT -> "#NP";
            case STACK_FAULT -> "#SS";
            case GENERAL_PROTECTION -> "#GP";
            case PAGE_FAULT -> "#PF";
            case X87_ERROR -> "#MF";
            case ALIGNMENT_CHECK -> "#AC";
            case MACHINE_CHECK -> "#MC";
            case SIMD_ERROR -> "#XM";
            case CONTROL_PROTECTION -> "#CP";
            default -> "vector " + vector;
        };
    }
}
