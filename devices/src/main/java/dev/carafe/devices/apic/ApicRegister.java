package dev.carafe.devices.apic;

/**
 * Register numbers of the local APIC: offset in the xAPIC page divided by 16, and MSR minus 800h
 * (SDM Vol. 3A, "Local APIC Register Address Map", "x2APIC Register Address Space").
 */
public final class ApicRegister {
    public static final int ID = 0x02;
    public static final int VERSION = 0x03;
    public static final int TPR = 0x08;
    public static final int APR = 0x09;
    public static final int PPR = 0x0A;
    public static final int EOI = 0x0B;
    public static final int RRR = 0x0C;
    public static final int LDR = 0x0D;
    public static final int DFR = 0x0E;
    public static final int SVR = 0x0F;
    public static final int ISR = 0x10;
    public static final int TMR = 0x18;
    public static final int IRR = 0x20;
    public static final int ESR = 0x28;
    public static final int ICR = 0x30;
    public static final int ICR_HIGH = 0x31;
    public static final int LVT_TIMER = 0x32;
    public static final int LVT_ERROR = 0x37;
    public static final int INITIAL_COUNT = 0x38;
    public static final int CURRENT_COUNT = 0x39;
    public static final int DIVIDE_CONFIGURATION = 0x3E;
    public static final int SELF_IPI = 0x3F;

    public static final int SVR_DEFINED = 0x3FF; // vector, software enable, focus checking
    private static final long ICR_RESERVED = 0xFFF3_2000L; // bits 13, 17:16 and 31:20

    private ApicRegister() {}

    /** Whether RDMSR of this register is allowed in x2APIC mode. */
    static boolean readableMsr(int register) {
        return switch (register) {
            case EOI, SELF_IPI, APR, RRR, DFR, ICR_HIGH -> false;
            default -> exists(register);
        };
    }

    /** Whether WRMSR of {@code value} to this register is allowed in x2APIC mode. */
    static boolean writableMsr(int register, long value) {
        if (register == ICR) {
            return (value & ICR_RESERVED) == 0;
        }
        if (value >>> 32 != 0) {
            return false;
        }
        return switch (register) {
            case TPR, SELF_IPI -> value <= 0xFF;
            case EOI, ESR -> value == 0;
            case SVR -> (value & ~SVR_DEFINED) == 0;
            case INITIAL_COUNT -> true;
            case DIVIDE_CONFIGURATION -> (value & ~0xBL) == 0;
            default ->
                    register >= LVT_TIMER
                            && register <= LVT_ERROR
                            && !LocalVectorTable.reserved(register - LVT_TIMER, (int) value);
        };
    }

    /** Whether the xAPIC page has a register here. */
    public static boolean exists(int register) {
        return switch (register) {
            case ID, VERSION, TPR, APR, PPR, EOI, RRR, LDR, DFR, SVR, ESR, ICR, ICR_HIGH -> true;
            case INITIAL_COUNT, CURRENT_COUNT, DIVIDE_CONFIGURATION -> true;
            default ->
                    (register >= ISR && register < ESR)
                            || (register >= LVT_TIMER && register <= LVT_ERROR);
        };
    }
}
