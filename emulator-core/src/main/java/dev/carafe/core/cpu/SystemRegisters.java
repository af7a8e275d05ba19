package dev.carafe.core.cpu;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Descriptor-table registers, debug registers, XCR0 and the model-specific registers that are the
 * processor's own (SDM Vol. 3A, "Memory-Management Registers"; Vol. 3B, "Debug Registers"; Vol. 4).
 * vCPU thread only.
 */
public final class SystemRegisters {
    public static final int DEBUG_REGISTERS = 8;
    public static final int VARIABLE_RANGES = 8;
    public static final int FIXED_RANGES = 11;
    public static final int MACHINE_CHECK_BANKS = 10;

    /** IA32_MISC_ENABLE: MONITOR and MWAIT are offered. */
    public static final long MISC_MONITOR = 1 << 18;

    private static final long MISC_ENABLE_RESET = MISC_MONITOR | 1; // and fast strings

    /** DR7.GD: any access to a debug register raises #DB. */
    public static final long DR7_GENERAL_DETECT = 1 << 13;

    static final long DR6_RESET = 0xFFFF_0FF0L;
    static final long DR7_RESET = 0x400;
    private static final long PAT_RESET = 0x0007_0406_0007_0406L;
    private static final SystemSegment LDTR_RESET =
            new SystemSegment(0, 0, 0xFFFF, Descriptor.PRESENT | Descriptor.LDT);
    private static final SystemSegment TR_RESET =
            new SystemSegment(0, 0, 0xFFFF, Descriptor.PRESENT | Descriptor.TSS_BUSY);

    public TableRegister gdtr = TableRegister.RESET;
    public TableRegister idtr = TableRegister.RESET;
    public SystemSegment ldtr = LDTR_RESET;
    public SystemSegment tr = TR_RESET;

    /** DR0 to DR3, DR6, DR7 at their numbers; 4 and 5 are unused. */
    public final long[] debug = new long[DEBUG_REGISTERS];

    public long xcr0 = 1;

    /** IA32_XSS. */
    public long xss;

    /** Rights of user pages by protection key; {@link ControlRegisters#writePkru} changes it. */
    public int pkru;

    /** IA32_PKRS; {@link ControlRegisters#writePkrs} changes it. */
    public int pkrs;

    /** IA32_DEBUGCTL. */
    public long debugControl;

    public long star;
    public long lstar;
    public long cstar;
    public long fmask;
    public long kernelGsBase;
    public long tscAux;
    public long sysenterCs;
    public long sysenterEsp;
    public long sysenterEip;
    public long pat = PAT_RESET;
    public long miscEnable;
    public long featureControl;
    public long machineCheckStatus;
    public long machineCheckControl;

    /** CTL, STATUS, ADDR, MISC of each bank. */
    public final long[] machineCheckBanks = new long[4 * MACHINE_CHECK_BANKS];

    public long speculationControl;

    /** MSRs that only keep what was written, by number; absent ones read zero. */
    public final Map<Integer, Long> keptMsrs = new HashMap<>();

    public long mtrrDefaultType;
    public final long[] mtrrBase = new long[VARIABLE_RANGES];
    public final long[] mtrrMask = new long[VARIABLE_RANGES];
    public final long[] mtrrFixed = new long[FIXED_RANGES];

    /** TSC = ticks of the machine's clock + this. */
    public long tscOffset;

    public long tscAdjust;

    /** Unknown MSRs that a log line has named already. */
    public final Set<Integer> reportedMsrs = new HashSet<>();

    SystemRegisters() {
        powerUp();
    }

    /** Whether MONITOR and MWAIT exist, as far as that is IA32_MISC_ENABLE's business. */
    public boolean offersMonitor() {
        return (miscEnable & MISC_MONITOR) != 0;
    }

    /** Power-up and reset. */
    void powerUp() {
        init();
        xcr0 = 1;
        xss = 0;
        pkru = 0;
        pkrs = 0;
        debugControl = 0;
        star = 0;
        lstar = 0;
        cstar = 0;
        fmask = 0;
        kernelGsBase = 0;
        tscAux = 0;
        sysenterCs = 0;
        sysenterEsp = 0;
        sysenterEip = 0;
        pat = PAT_RESET;
        miscEnable = MISC_ENABLE_RESET;
        featureControl = 1; // locked
        machineCheckStatus = 0;
        machineCheckControl = 0;
        Arrays.fill(machineCheckBanks, 0);
        speculationControl = 0;
        keptMsrs.clear();
        mtrrDefaultType = 0;
        Arrays.fill(mtrrBase, 0);
        Arrays.fill(mtrrMask, 0);
        Arrays.fill(mtrrFixed, 0);
        tscOffset = 0;
        tscAdjust = 0;
    }

    /** What INIT resets of them. */
    void init() {
        gdtr = TableRegister.RESET;
        idtr = TableRegister.RESET;
        ldtr = LDTR_RESET;
        tr = TR_RESET;
        Arrays.fill(debug, 0);
        debug[6] = DR6_RESET;
        debug[7] = DR7_RESET;
    }
}
