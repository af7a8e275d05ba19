package dev.carafe.devices.apic;

/**
 * Register numbers of the local APIC: offset in the xAPIC page divided by 16, and MSR minus 800h
 * (SDM Vol. 3A, "Local APIC Register Address Map", "x2APIC Register Address Space").
 */
final class ApicRegister {
    static final int ID = 0x02;
    static final int VERSION = 0x03;
    static final int TPR = 0x08;
    static final int APR = 0x09;
    static final int PPR = 0x0A;
    static final int EOI = 0x0B;
    static final int RRR = 0x0C;
    static final int LDR = 0x0D;
    static final int DFR = 0x0E;
    static final int SVR = 0x0F;
    static final int ISR = 0x10;
    static final int TMR = 0x18;
    static final int IRR = 0x20;
    static final int ESR = 0x28;
    static final int ICR = 0x30;
    static final int ICR_HIGH = 0x31;
    static final int LVT_TIMER = 0x32;
    static final int LVT_ERROR = 0x37;
    static final int INITIAL_COUNT = 0x38;
    static final int CURRENT_COUNT = 0x39;
    static final int DIVIDE_CONFIGURATION = 0x3E;
    static final int SELF_IPI = 0x3F;

    static final int SVR_DEFINED = 0x3FF; // vector, software enable, focus checking
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
    static boolean exists(int register) {
        return switch (register) {
            case ID, VERSION, TPR, APR, PPR, EOI, RRR, LDR, DFR, SVR, ESR, ICR, ICR_HIGH -> true;
            case INITIAL_COUNT, CURRENT_COUNT, DIVIDE_CONFIGURATION -> true;
            default ->
                    (register >= ISR && register < ESR)
                            || (register >= LVT_TIMER && register <= LVT_ERROR);
        };
    }
}
