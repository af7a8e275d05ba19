package dev.carafe.core.cpu;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import java.util.Arrays;

/**
 * Control-flow enforcement (SDM Vol. 1, "Control-Flow Enforcement Technology (CET)"): the
 * registers, the shadow stack's part in far transfers, and the state of the tracker of indirect
 * branches. vCPU thread only.
 *
 * <p>Not modelled: the legacy code page bitmap; CET outside IA-32e mode.
 */
public final class ControlFlow {
    public static final long SHADOW_STACK = 1;
    public static final long SHADOW_WRITES = 1 << 1; // WRSS
    public static final long TRACKING = 1 << 2;
    public static final long NO_TRACK = 1 << 4;
    private static final long SUPPRESS_DISABLE = 1 << 5;
    private static final long RESERVED = 0x3C0;
    private static final long SUPPRESS = 1 << 10;
    private static final long WAITING = 1 << 11;

    /** Error codes of #CP. */
    public static final int NEAR_RETURN = 1;

    public static final int FAR_RETURN = 2;
    public static final int END_BRANCH = 3;
    public static final int RESTORE = 4;
    public static final int SET_BUSY = 5;

    private static final int LEVELS = 4;
    private static final int USER = 3;
    private static final long BUSY = 1;
    private static final int FRAME = 24; // previous SSP, LIP, CS
    private static final long HIGH_32 = 0xFFFF_FFFF_0000_0000L;

    private final Cpu cpu;
    private final long[] stacks = new long[LEVELS]; // IA32_PLi_SSP
    private long user; // IA32_U_CET
    private long supervisor; // IA32_S_CET

    /** IA32_INTERRUPT_SSP_TABLE_ADDR. */
    public long interruptTable;

    /** The shadow-stack pointer, SSP. */
    public long ssp;

    ControlFlow(Cpu cpu) {
        this.cpu = cpu;
    }

    void powerUp() {
        init();
        Arrays.fill(stacks, 0);
        user = 0;
        supervisor = 0;
        interruptTable = 0;
    }

    void init() {
        ssp = 0;
    }

    public static CpuFault fault(int errorCode) {
        return CpuFault.of(ExceptionVector.CONTROL_PROTECTION, errorCode);
    }

    private static void reject(boolean broken) {
        if (broken) {
            throw CpuFault.generalProtection(0);
        }
    }

    // ---- registers

    public long configuration(boolean ofUser) {
        return ofUser ? user : supervisor;
    }

    /** WRMSR to IA32_U_CET or IA32_S_CET. */
    public void configure(boolean ofUser, long value) {
        checkConfiguration(value);
        set(ofUser, value);
        cpu.control.modeChanged();
    }

    /** #GP(0) for a value that IA32_U_CET and IA32_S_CET cannot take. */
    public void checkConfiguration(long value) {
        boolean both = (value & (SUPPRESS | WAITING)) == (SUPPRESS | WAITING);
        reject((value & RESERVED) != 0 || both || !cpu.control.canonicalInRegister(value & -4096));
    }

    private void set(boolean ofUser, long value) {
        if (ofUser) {
            user = value;
        } else {
            supervisor = value;
        }
    }

    /** IA32_PLi_SSP. */
    public long stack(int level) {
        return stacks[level];
    }

    public void setStack(int level, long value) {
        checkStack(value);
        stacks[level] = value;
    }

    /** #GP(0) for a value that no IA32_PLi_SSP can take. */
    public void checkStack(long value) {
        reject((value & 3) != 0 || !cpu.control.canonicalInRegister(value));
    }

    // ---- what is enabled

    private long enabled(int level) {
        boolean possible = enforced() && cpu.control.longMode() && !cpu.virtual8086();
        return possible ? configuration(level == USER) : 0;
    }

    /** CR4.CET: without it there is nothing to do for all that follows. */
    private boolean enforced() {
        return cpu.control.cr4(ControlBits.CR4_CET);
    }

    public boolean hasShadowStack(int level) {
        return (enabled(level) & SHADOW_STACK) != 0;
    }

    public boolean hasShadowStack() {
        return hasShadowStack(cpu.cpl);
    }

    public boolean allows(long feature) {
        return (enabled(cpu.cpl) & feature) != 0;
    }

    /** The bits of {@link ControlRegisters#modeKey} that follow. */
    int keys() {
        long bits = enabled(cpu.cpl);
        if (bits == 0) {
            return 0;
        }
        boolean tracks = (bits & TRACKING) != 0 && (bits & SUPPRESS) == 0;
        return ((bits & SHADOW_STACK) != 0 ? ModeKey.SHADOW_STACK : 0)
                | (tracks ? ModeKey.TRACKING : 0)
                | (tracks && (bits & WAITING) != 0 ? ModeKey.WAITING : 0);
    }

    // ---- the tracker

    /** After an indirect branch at the current level: the next instruction must be ENDBRANCH. */
    public void expectEndBranch() {
        boolean ofUser = cpu.cpl == USER;
        long bits = configuration(ofUser);
        if ((enabled(cpu.cpl) & TRACKING) != 0 && (bits & SUPPRESS) == 0) {
            set(ofUser, bits | WAITING);
            cpu.control.modeChanged();
        }
    }

    /** An event or a system call has entered the current level. */
    private void expectAtEntry() {
        boolean ofUser = cpu.cpl == USER;
        if ((enabled(cpu.cpl) & TRACKING) != 0) {
            set(ofUser, configuration(ofUser) & ~SUPPRESS | WAITING);
            cpu.control.modeChanged();
        }
    }

    /** ENDBRANCH was executed. */
    public void endBranch() {
        boolean ofUser = cpu.cpl == USER;
        set(ofUser, configuration(ofUser) & ~(WAITING | SUPPRESS));
        cpu.control.modeChanged();
    }

    // ---- far transfers at one level

    /** CALL FAR has pushed everything: {@code next} is what {@link #enter} has returned. */
    public void called(long next) {
        if (hasShadowStack()) {
            ssp = next;
        }
        expectEndBranch();
    }

    /** Stores CS, LIP and the previous SSP below an aligned top; returns the new SSP. */
    private long store(int level, long top, int selector, long linear, long previous) {
        boolean ofUser = level == USER;
        long aligned = top & -8;
        cpu.memory.shadowStack.checkWrite(aligned - FRAME, ofUser, 8);
        cpu.memory.shadowStack.checkWrite(aligned - 8, ofUser, 8);
        if (aligned != top) {
            cpu.memory.shadowStack.store(top - 4, ofUser, 4, 0);
        }
        cpu.memory.shadowStack.store64(aligned - 8, ofUser, selector);
        cpu.memory.shadowStack.store64(aligned - 16, ofUser, linear);
        cpu.memory.shadowStack.store64(aligned - FRAME, ofUser, previous);
        return aligned - FRAME;
    }

    /**
     * RET FAR and IRET to the same level: checks the frame. Returns the SSP that it leads to; the
     * caller hands it to {@link #popped} when nothing can fault any more.
     */
    public long checkFrame(int selector, long linear) {
        if (!hasShadowStack()) {
            return ssp;
        }
        boolean ofUser = cpu.cpl == USER;
        if ((ssp & 7) != 0) {
            throw fault(FAR_RETURN);
        }
        long foundSelector = cpu.memory.shadowStack.load64(ssp + 16, ofUser);
        long foundLinear = cpu.memory.shadowStack.load64(ssp + 8, ofUser);
        long previous = cpu.memory.shadowStack.load64(ssp, ofUser);
        if (foundSelector != selector || foundLinear != linear || (previous & 3) != 0) {
            throw fault(FAR_RETURN);
        }
        return previous;
    }

    /** Goes back to the SSP that {@link #checkFrame} has found. */
    public void popped(long previous, boolean fromInterrupt) {
        if (hasShadowStack()) {
            if (fromInterrupt) {
                release(ssp + FRAME);
            }
            ssp = previous;
        }
    }

    /** Frees a supervisor shadow stack that is empty up to its token. */
    private void release(long token) {
        if (cpu.cpl != USER && (token & 7) == 0) {
            cpu.memory.shadowStack.compareAndSet64(token, false, token | BUSY, token);
        }
    }

    // ---- transfers between levels

    /** RET FAR and IRET to an outer level, checked before anything changes. */
    public long checkOuter(int level, int selector, long linear) {
        if (!enforced()) {
            return ssp;
        }
        if (!hasShadowStack() || level == USER) {
            boolean broken = hasShadowStack() && (ssp & 7) != 0;
            if (broken) {
                throw fault(FAR_RETURN);
            }
            return level == USER ? stacks[USER] : stacks[level];
        }
        return checkFrame(selector, linear);
    }

    /** Leaves the current level for an outer one, while the privilege is still the old one. */
    public void leave(int level, long next) {
        if (!enforced()) {
            return;
        }
        if (hasShadowStack()) {
            release(level == USER ? ssp : ssp + FRAME);
        }
        if (hasShadowStack(level)) {
            ssp = next;
        }
    }

    /**
     * An event, or CALL FAR, enters {@code level}. Everything that can fault happens here, before
     * registers change.
     *
     * @param ist 0, or the number of the interrupt stack
     * @return the SSP of the new level
     */
    public long enter(int level, int ist, int selector, long linear) {
        if (!hasShadowStack(level)) {
            return ssp;
        }
        boolean switches = ist != 0 || level != cpu.cpl;
        if (!switches) {
            return store(level, ssp, selector, linear, ssp);
        }
        long top = ist == 0 ? stacks[level] : cpu.memory.system.load64(interruptTable + ist * 8L);
        reject((top & 7) != 0);
        reject(!cpu.memory.shadowStack.compareAndSet64(top, false, top, top | BUSY));
        return cpu.cpl == USER ? top : store(level, top, selector, linear, ssp);
    }

    /** The event has entered: {@code next} is what {@link #enter} has returned. */
    public void entered(int from, long next) {
        if (!enforced()) {
            return;
        }
        if (from == USER && cpu.cpl != USER && hasShadowStack(USER)) {
            stacks[USER] = ssp;
        }
        if (hasShadowStack()) {
            ssp = next;
        }
        expectAtEntry();
    }

    /** SYSCALL and SYSENTER, when they are at level 0. */
    public void systemCall(int from) {
        if (!enforced()) {
            return;
        }
        if (from == USER && hasShadowStack(USER)) {
            stacks[USER] = ssp;
        }
        if (hasShadowStack()) {
            ssp = 0;
        }
        expectAtEntry();
    }

    /** SYSRET and SYSEXIT, when they are at level 3. */
    public void systemReturn() {
        if (hasShadowStack()) {
            ssp = stacks[USER];
        }
    }

    /** Whether an SSP fits where code has 32-bit addresses. */
    public static boolean isHigh(long pointer) {
        return (pointer & HIGH_32) != 0;
    }
}
