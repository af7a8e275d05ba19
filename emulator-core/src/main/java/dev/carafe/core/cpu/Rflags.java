package dev.carafe.core.cpu;

/**
 * Bits of RFLAGS beyond the status flags (SDM Vol. 1, "EFLAGS Register"; Vol. 3A, "System Flags and
 * Fields").
 */
public final class Rflags {
    /** Bit 1 always reads as one. */
    public static final int FIXED = 1 << 1;

    public static final int TF = 1 << 8;
    static final int IF_SHIFT = 9;
    public static final int IF = 1 << IF_SHIFT;
    public static final int DF = 1 << 10;
    public static final int IOPL = 3 << 12;
    public static final int IOPL_SHIFT = 12;
    public static final int NT = 1 << 14;
    public static final int RF = 1 << 16;
    public static final int VM = 1 << 17;
    public static final int AC = 1 << 18;
    public static final int VIF = 1 << 19;
    public static final int VIP = 1 << 20;
    public static final int ID = 1 << 21;

    /** All that {@code Cpu.systemFlags} may hold. */
    public static final int SYSTEM = TF | IF | DF | IOPL | NT | RF | VM | AC | VIF | VIP | ID;

    private Rflags() {}
}
