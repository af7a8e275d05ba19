package dev.carafe.core.cpu;

import static dev.carafe.core.cpu.ControlBits.*;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.memory.PagingContext;

/**
 * CR0, CR2, CR3, CR4, CR8 and IA32_EFER with the rules of changing them, and the processor mode
 * that follows from them (SDM Vol. 3A, "Control Registers", "Mode Switching" and "IA-32e Mode
 * Initialization").
 *
 * <p>A write that breaks a rule raises #GP(0) and changes nothing. vCPU thread only.
 *
 * <p>Not modelled: VMX, SMX.
 */
public final class ControlRegisters {
    /** XCR0: the SSE and the AVX state. */
    private static final long XCR0_AVX = 6;

    private static final long CR0_DEFINED =
            CR0_PE | CR0_MP | CR0_EM | CR0_TS | CR0_ET | CR0_NE | CR0_WP | CR0_AM | CR0_NW | CR0_CD
                    | CR0_PG;
    private static final long CR0_MAPPING = CR0_PE | CR0_WP | CR0_PG;
    private static final long CR4_MAPPING =
            CR4_PSE
                    | CR4_PAE
                    | CR4_PGE
                    | CR4_LA57
                    | CR4_PCIDE
                    | CR4_SMEP
                    | CR4_SMAP
                    | CR4_PKE
                    | CR4_PKS
                    | CR4_LAM_SUP;

    /** What loads the page-directory pointers of PAE paging when it changes. */
    private static final long CR0_LOADS_POINTERS = CR0_CD | CR0_NW | CR0_PG;

    private static final long CR4_LOADS_POINTERS = CR4_PAE | CR4_PGE | CR4_PSE | CR4_SMEP;
    private static final int CANONICAL_BITS = 48;
    private static final int CANONICAL_BITS_LA57 = 57;
    private static final long LOW_32 = 0xFFFF_FFFFL;

    private final Cpu cpu;
    private long cr0;
    private long cr2;
    private long cr3;
    private long cr4;
    private long efer;

    // Derived by modeChanged.
    private CodeMode codeMode = CodeMode.CODE16;
    private long linearMask = LOW_32;
    private int modeKey;

    ControlRegisters(Cpu cpu) {
        this.cpu = cpu;
    }

    // ---- what they hold

    public long cr0() {
        return cr0;
    }

    public long cr2() {
        return cr2;
    }

    public void setCr2(long value) {
        cr2 = value;
    }

    public long cr3() {
        return cr3;
    }

    public long cr4() {
        return cr4;
    }

    public long efer() {
        return efer;
    }

    public long cr8() {
        return cpu.apic.taskPriority();
    }

    public boolean cr0(long bits) {
        return (cr0 & bits) != 0;
    }

    public boolean cr4(long bits) {
        return (cr4 & bits) != 0;
    }

    // ---- what follows

    public boolean realMode() {
        return (cr0 & CR0_PE) == 0;
    }

    /** CR0.PE: protected mode, virtual-8086 mode or IA-32e mode. */
    public boolean protectedMode() {
        return (cr0 & CR0_PE) != 0;
    }

    /** IA32_EFER.LMA: 64-bit or compatibility mode. */
    public boolean longMode() {
        return (efer & EFER_LMA) != 0;
    }

    public boolean paging() {
        return (cr0 & CR0_PG) != 0;
    }

    /** 64-bit code: long mode and CS.L. */
    public boolean codeIs64() {
        return codeMode == CodeMode.CODE64;
    }

    public CodeMode codeMode() {
        return codeMode;
    }

    /** What linear addresses are cut to: 32 bits outside 64-bit code. */
    public long linearMask() {
        return linearMask;
    }

    /** Everything that changes how code bytes are decoded: bits of {@link ModeKey}. */
    public int modeKey() {
        return modeKey;
    }

    public boolean codeBaseIsZero() {
        return (modeKey & ModeKey.FLAT) != 0;
    }

    public boolean sseUsable() {
        return (modeKey & ModeKey.SSE) != 0;
    }

    /** What a vector instruction raises while {@link #sseUsable} is false. */
    public CpuFault vectorsUnavailable() {
        boolean disabled = (cr0 & CR0_EM) != 0 || (cr4 & CR4_OSFXSR) == 0;
        return CpuFault.of(
                disabled ? ExceptionVector.INVALID_OPCODE : ExceptionVector.DEVICE_NOT_AVAILABLE);
    }

    /** What an MMX instruction raises while {@link #x87Usable} is false. */
    public CpuFault mmxUnavailable() {
        return CpuFault.of(
                (cr0 & CR0_EM) != 0
                        ? ExceptionVector.INVALID_OPCODE
                        : ExceptionVector.DEVICE_NOT_AVAILABLE);
    }

    /** SDM Vol. 2, "VEX and the Operating System": CR0.EM and CR4.OSFXSR play no part. */
    private boolean avxEnabled() {
        return (cr4 & CR4_OSXSAVE) != 0
                && (cpu.system.xcr0 & XCR0_AVX) == XCR0_AVX
                && protectedMode()
                && !cpu.virtual8086();
    }

    /** What an AVX instruction raises while the mode key forbids it. */
    public CpuFault avxUnavailable() {
        return CpuFault.of(
                avxEnabled()
                        ? ExceptionVector.DEVICE_NOT_AVAILABLE
                        : ExceptionVector.INVALID_OPCODE);
    }

    public boolean x87Usable() {
        return (modeKey & ModeKey.X87) != 0;
    }

    /**
     * Whether an address is canonical in the present paging mode (SDM Vol. 1, "Canonical
     * Addressing").
     */
    public boolean canonical(long linear) {
        int unused = 64 - ((cr4 & CR4_LA57) != 0 ? CANONICAL_BITS_LA57 : CANONICAL_BITS);
        return linear << unused >> unused == linear;
    }

    /**
     * Whether a register that holds an address – a base, an MSR – may be loaded with this one, and
     * INVPCID may be given it: what the processor supports counts, not the paging mode.
     */
    public boolean canonicalInRegister(long linear) {
        int unused = 64 - cpu.model.linearBits();
        return linear << unused >> unused == linear;
    }

    // ---- writes by the guest

    public void writeCr0(long value) {
        long wanted = value & CR0_DEFINED | CR0_ET;
        boolean paging = (wanted & CR0_PG) != 0;
        reject(value >>> 32 != 0);
        reject(paging && (wanted & CR0_PE) == 0);
        reject((wanted & CR0_NW) != 0 && (wanted & CR0_CD) == 0);
        reject((wanted & CR0_WP) == 0 && (cr4 & CR4_CET) != 0);
        reject(!paging && (codeIs64() || (cr4 & CR4_PCIDE) != 0));
        long newEfer = paging ? efer : efer & ~EFER_LMA;
        if (paging && !paging() && (efer & EFER_LME) != 0) {
            checkLongModeEntry();
            newEfer |= EFER_LMA;
        }
        long changed = cr0 ^ wanted;
        boolean loadsPointers = (changed & CR0_LOADS_POINTERS) != 0;
        if (loadsPointers || (changed & CR0_MAPPING) != 0) {
            configure(wanted, cr4, newEfer, loadsPointers);
        }
        if ((wanted & CR0_PE) == 0) {
            cpu.cpl = 0;
        }
        cr0 = wanted;
        efer = newEfer;
        modeChanged();
    }

    private void checkLongModeEntry() {
        reject((cr4 & CR4_PAE) == 0);
        reject((cpu.segments.attributes[Segments.CS] & Descriptor.LONG) != 0);
        reject(
                cpu.system.tr.usable()
                        && Descriptor.type(cpu.system.tr.attributes()) == Descriptor.TSS16_BUSY);
    }

    /** LMSW: PE can be set but not cleared; MP, EM and TS are replaced. */
    public void loadMachineStatusWord(int value) {
        long replaceable = CR0_PE | CR0_MP | CR0_EM | CR0_TS;
        writeCr0(cr0 & (~replaceable | CR0_PE) | value & replaceable);
    }

    /** CR0.TS, set by every task switch. */
    void taskSwitched() {
        cr0 |= CR0_TS;
        modeChanged();
    }

    public void clearTaskSwitched() {
        cr0 &= ~CR0_TS;
        modeChanged();
    }

    public void writeCr3(long value) {
        if (longMode()) {
            long masking = cpu.model.has(Feature.LAM) ? CR3_LAM_U57 | CR3_LAM_U48 : 0;
            long noFlush = (cr4 & CR4_PCIDE) != 0 ? CR3_NO_FLUSH : 0;
            reject((value & ~(masking | noFlush)) >>> cpu.model.physicalBits() != 0);
        }
        long wanted = longMode() ? value : value & LOW_32;
        cpu.memory.setRoot(wanted); // flushes, and checks PAE page-directory pointers
        cr3 = wanted & ~CR3_NO_FLUSH;
    }

    public void writeCr4(long value) {
        long changed = cr4 ^ value;
        reject((value & ~cpu.model.cr4Mask()) != 0);
        if (longMode()) {
            reject((value & CR4_PAE) == 0);
            reject((changed & CR4_LA57) != 0);
        }
        reject((value & CR4_CET) != 0 && (cr0 & CR0_WP) == 0);
        boolean startsContexts = (changed & value & CR4_PCIDE) != 0;
        reject(startsContexts && (!longMode() || (cr3 & CR3_PCID) != 0));
        if ((changed & CR4_MAPPING) != 0) {
            configure(cr0, value, efer, (changed & CR4_LOADS_POINTERS) != 0);
        }
        cr4 = value;
        modeChanged();
    }

    public void writeCr8(long value) {
        reject((value & ~0xFL) != 0);
        cpu.apic.setTaskPriority((int) value);
    }

    /** WRMSR to IA32_EFER. LMA is read-only and ignored. */
    public void writeEfer(long value) {
        reject((value & ~(cpu.model.eferMask() | EFER_LMA)) != 0);
        long wanted = value & ~EFER_LMA | efer & EFER_LMA;
        long changed = efer ^ wanted;
        reject((changed & EFER_LME) != 0 && paging());
        if ((changed & EFER_NXE) != 0) {
            configure(cr0, cr4, wanted, false);
        }
        efer = wanted;
        modeChanged();
    }

    /** WRPKRU, and whatever else loads PKRU. */
    public void writePkru(int value) {
        cpu.system.pkru = value;
        tellKeys();
    }

    /** WRMSR to IA32_PKRS. */
    public void writePkrs(long value) {
        reject(value >>> 32 != 0);
        cpu.system.pkrs = (int) value;
        tellKeys();
    }

    private void tellKeys() {
        cpu.memory.setProtectionKeys(cpu.system.pkru, cpu.system.pkrs);
    }

    private static void reject(boolean broken) {
        if (broken) {
            throw CpuFault.generalProtection(0);
        }
    }

    // ---- unchecked, for reset, boot protocols and snapshots

    /** Sets all of them as a loader leaves them; the caller answers for their consistency. */
    public void set(long newCr0, long newCr3, long newCr4, long newEfer) {
        cr0 = newCr0;
        cr3 = newCr3;
        cr4 = newCr4;
        efer = newEfer;
        cpu.memory.configure(PagingContext.off(cpu.model.physicalBits()), false);
        cpu.memory.setRoot(cr3);
        configure(cr0, cr4, efer, true);
        tellKeys();
        modeChanged();
    }

    // ---- telling the others

    /**
     * Tells the MMU; #GP(0) and no change when PAE paging finds reserved bits in the page-directory
     * pointers.
     */
    private void configure(long newCr0, long newCr4, long newEfer, boolean loadsPointers) {
        cpu.memory.configure(
                PagingControls.context(cpu.model, newCr0, newCr4, newEfer), loadsPointers);
    }

    /** Recomputes what follows from control registers, CS, SS, CPL and RFLAGS.VM and AC. */
    public void modeChanged() {
        int cs = cpu.segments.attributes[Segments.CS];
        if (longMode() && (cs & Descriptor.LONG) != 0) {
            codeMode = CodeMode.CODE64;
        } else {
            codeMode = (cs & Descriptor.BIG) != 0 ? CodeMode.CODE32 : CodeMode.CODE16;
        }
        linearMask = codeMode == CodeMode.CODE64 ? -1L : LOW_32;
        cpu.memory.setWraps(codeMode != CodeMode.CODE64);
        boolean available = (cr0 & (CR0_EM | CR0_TS)) == 0;
        modeKey =
                codeMode.ordinal()
                        | (available && (cr4 & CR4_OSFXSR) != 0 ? ModeKey.SSE : 0)
                        | (available ? ModeKey.X87 : 0)
                        | (avxEnabled() && (cr0 & CR0_TS) == 0 ? ModeKey.AVX : 0)
                        | (codeIs64() || cpu.segments.base(Segments.CS) == 0 ? ModeKey.FLAT : 0)
                        | ((cr4 & CR4_CET) != 0 ? cpu.flow.keys() : 0);
        cpu.mxcsr.setHandled((cr4 & CR4_OSXMMEXCPT) != 0);
        privilegeChanged();
    }

    /** Tells the MMU who accesses memory: after a change of CPL or RFLAGS.AC. */
    public void privilegeChanged() {
        actAs(cpu.cpl);
    }

    /** Lets the MMU check accesses as this privilege level's, until {@link #privilegeChanged}. */
    public void actAs(int privilege) {
        boolean user = privilege == 3;
        boolean flag = (cpu.systemFlags & Rflags.AC) != 0;
        cpu.memory.setContext(user, flag && (cr4 & CR4_SMAP) != 0, flag && (cr0 & CR0_AM) != 0);
    }
}
