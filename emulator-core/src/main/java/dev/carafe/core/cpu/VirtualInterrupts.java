package dev.carafe.core.cpu;

import dev.carafe.core.fault.CpuFault;

/**
 * Virtual interrupts: VIF and VIP in virtual-8086 mode with CR4.VME, and at CPL 3 of protected mode
 * with CR4.PVI (SDM Vol. 3B, "Interrupt and Exception Handling in Virtual-8086 Mode" and
 * "Protected-Mode Virtual Interrupts"). They count where IOPL does not give the program IF itself.
 */
public final class VirtualInterrupts {
    private static final int MAP_BASE = 0x66; // in the TSS: where the I/O permission bit map begins
    private static final int REDIRECTION_BYTES = 32; // below it
    private static final int LOW_16 = 0xFFFF;

    private VirtualInterrupts() {}

    // ---- CLI and STI

    /** Whether CLI and STI change IF itself, or else VIF; #GP(0) where they may change neither. */
    public static boolean realFlag(Cpu cpu) {
        if (cpu.cpl <= cpu.iopl()) {
            return true;
        }
        long extension = cpu.virtual8086() ? ControlBits.CR4_VME : ControlBits.CR4_PVI;
        if (cpu.cpl != 3 || !cpu.control.cr4(extension)) {
            throw CpuFault.generalProtection(0);
        }
        return false;
    }

    public static void clear(Cpu cpu) {
        cpu.systemFlags &= ~Rflags.VIF;
    }

    /** #GP(0) while an interrupt waits for this. */
    public static void set(Cpu cpu) {
        if ((cpu.systemFlags & Rflags.VIP) != 0) {
            throw CpuFault.generalProtection(0);
        }
        cpu.systemFlags |= Rflags.VIF;
    }

    // ---- PUSHF, POPF and IRET in virtual-8086 mode

    /**
     * Whether these work on VIF instead of IF; #GP(0) where they may do neither.
     *
     * @param size of the operand: with 32 bits IOPL decides alone
     */
    public static boolean virtualFlags(Cpu cpu, int size) {
        if (!cpu.virtual8086() || cpu.iopl() == 3) {
            return false;
        }
        if (size != 2 || !cpu.control.cr4(ControlBits.CR4_VME)) {
            throw CpuFault.generalProtection(0);
        }
        return true;
    }

    /** The 16-bit image that the program sees: IOPL 3, and IF is VIF. */
    public static long image(Cpu cpu) {
        long image = cpu.rflags() & LOW_16 & ~Rflags.IF | Rflags.IOPL;
        return (cpu.systemFlags & Rflags.VIF) != 0 ? image | Rflags.IF : image;
    }

    /** #GP(0) for an image that may not be loaded: TF, or IF while an interrupt waits. */
    public static void checkImage(Cpu cpu, long image) {
        boolean waits = (cpu.systemFlags & Rflags.VIP) != 0;
        if ((image & Rflags.TF) != 0 || waits && (image & Rflags.IF) != 0) {
            throw CpuFault.generalProtection(0);
        }
    }

    /** Loads a checked image. */
    public static void load(Cpu cpu, long image) {
        int writable = Flags.STATUS | Rflags.TF | Rflags.DF | Rflags.NT;
        cpu.loadFlags(image, writable);
        clear(cpu);
        cpu.systemFlags |= (image & Rflags.IF) != 0 ? Rflags.VIF : 0;
    }

    // ---- INT n in virtual-8086 mode

    /** Whether the program's own interrupt table serves INT n, by the map in the TSS. */
    public static boolean redirected(Cpu cpu, int vector) {
        if (!cpu.control.cr4(ControlBits.CR4_VME)) {
            return false;
        }
        SystemSegment tr = cpu.system.tr;
        if (!TaskState.wide(tr.attributes()) || !tr.contains(MAP_BASE, 2)) {
            throw CpuFault.generalProtection(0);
        }
        long base = cpu.memory.system.load16(tr.base() + MAP_BASE);
        long at = base - REDIRECTION_BYTES + (vector >>> 3);
        if (at < 0 || !tr.contains(at, 1)) {
            throw CpuFault.generalProtection(0);
        }
        return (cpu.memory.system.load8(tr.base() + at) >>> (vector & 7) & 1) == 0;
    }

    /** Enters the program's handler as real mode would. */
    public static void redirect(Cpu cpu, int vector) {
        boolean virtual = cpu.iopl() < 3;
        long entry = cpu.memory.load32(4L * vector);
        StackCursor stack = StackCursor.current(cpu, 0);
        stack.push(Width.W16, virtual ? image(cpu) : cpu.rflags());
        stack.push(Width.W16, cpu.segments.selector[Segments.CS]);
        stack.push(Width.W16, cpu.nextRip);
        cpu.regs[Registers.RSP] = stack.pointer();
        cpu.systemFlags &=
                ~(Rflags.TF | Rflags.NT | Rflags.RF | (virtual ? Rflags.VIF : Rflags.IF));
        cpu.segments.loadRealMode(Segments.CS, (int) (entry >>> 16) & LOW_16);
        cpu.nextRip = entry & LOW_16;
        cpu.breakpoints.trapping = false;
    }
}
