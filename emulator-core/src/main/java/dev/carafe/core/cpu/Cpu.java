package dev.carafe.core.cpu;

import dev.carafe.core.bus.Bus;
import dev.carafe.core.entropy.Entropy;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.interrupt.LocalInterruptController;
import dev.carafe.core.memory.Mmu;
import dev.carafe.core.time.Clock;

/**
 * The state of one logical processor. Everything here is touched by the vCPU's own thread only, or
 * by another one while the machine is paused; what other threads may do to a vCPU goes through
 * {@link Events}.
 *
 * <p>The groups are objects of their own: {@link Flags}, {@link Segments}, {@link
 * ControlRegisters}, {@link SystemRegisters}.
 */
public final class Cpu {
    /** Longs per vector register in {@link #xmm}: room for 256 bits. */
    public static final int VECTOR_STRIDE = 4;

    private static final int VECTOR_REGISTERS = 16;

    /** General registers and the helper slots, see {@link Registers}. */
    public final long[] regs = new long[Registers.COUNT];

    /** Vector registers: register n has its low 64 bits at n × {@link #VECTOR_STRIDE}. */
    public final long[] xmm = new long[VECTOR_REGISTERS * VECTOR_STRIDE];

    /** Where an instruction that may still fault computes a vector register's new value. */
    public final long[] vectorResult = new long[VECTOR_STRIDE];

    /** An interrupt frame on its way to or from the stack, RIP first. */
    public final long[] frame = new long[5];

    public final Flags flags = new Flags();
    public final MxCsr mxcsr = new MxCsr();
    public final X87State x87 = new X87State();
    public final RareEvents rare = new RareEvents(this);

    /** Stack frames of the interrupts that are being handled. */
    public final InterruptFrames frames = new InterruptFrames(this);

    /** Who changed which word with a locked instruction; shared by all vCPUs of a machine. */
    public final LockWriters lockWriters;

    public final PerformanceCounters performance = new PerformanceCounters();
    public final MonitoredLine monitor = new MonitoredLine();
    public final Breakpoints breakpoints = new Breakpoints(this);
    public final Segments segments;
    public final ControlRegisters control;
    public final ControlFlow flow;
    public final SystemRegisters system;
    public final Events events;
    public final Mmu memory;
    public final Bus ports;
    public final LocalInterruptController apic;
    public final Clock clock;
    public final Entropy entropy;
    public final CpuModel model;

    /** Number of this vCPU, 0 for the bootstrap processor. */
    public final int index;

    /**
     * RIP of the instruction to execute next; exact at every stop, fault and complex instruction.
     */
    public long rip;

    /** While a complex instruction runs: where execution goes on after it. It may change this. */
    public long nextRip;

    /** RFLAGS beyond the status flags: bits of {@link Rflags#SYSTEM} only. */
    public int systemFlags;

    /** Current privilege level; follows CS (in real mode 0, in virtual-8086 mode 3). */
    public int cpl;

    /**
     * No interrupt is taken before this many instructions have ended: STI and MOV SS set it. See
     * {@link EventDelivery}.
     */
    public InterruptShadow shadow = InterruptShadow.NONE;

    /** Set while an NMI handler runs, until IRET. */
    public boolean nmiBlocked;

    /** What the processor does between instructions. */
    public Activity activity = Activity.RUNNING;

    /** The decoded page that is being executed; complex instructions find themselves in it. */
    public CodePage page;

    /**
     * Instructions executed so far, less half the index of the current record: records follow each
     * other one by one, so only jumps have to correct it. See {@link #executed(int)}.
     */
    public long executedBase;

    /** A backward jump leaves when {@link #executedBase} reaches this. */
    public long executedLimit = Long.MAX_VALUE;

    /** The direct jump that left and would like to be linked to its target, or 0. */
    public int unlinkedJump;

    /**
     * The instruction at {@link #rip} reaches into the next page and is to be executed by itself.
     */
    public boolean crossing;

    /**
     * Set by a handler of several records before a later one of them faults: its index; otherwise
     * 0.
     */
    public int faultingRecord;

    /** PAUSE instructions executed since the run loop last looked. */
    public int pauses;

    /** Why the processor is in shutdown, or null. */
    public TripleFault tripleFault;

    /** What the vCPU is built of: its surroundings, given once. */
    public record Parts(
            int index,
            CpuModel model,
            Mmu memory,
            Bus ports,
            LocalInterruptController apic,
            Clock clock,
            Entropy entropy,
            Events events,
            LockWriters lockWriters) {}

    public Cpu(Parts parts) {
        index = parts.index();
        lockWriters = parts.lockWriters();
        model = parts.model();
        memory = parts.memory();
        ports = parts.ports();
        apic = parts.apic();
        clock = parts.clock();
        entropy = parts.entropy();
        events = parts.events();
        segments = new Segments(this);
        control = new ControlRegisters(this);
        flow = new ControlFlow(this);
        system = new SystemRegisters();
        mapLocalApic();
    }

    /**
     * Called by a device that wants to know which instruction accesses it, before the access has
     * any effect: comes back with {@link #rip} exact. The instruction may be executed by itself for
     * that, from its beginning.
     */
    public void makeRipExact() {
        if (!breakpoints.alone) {
            throw CpuFault.ALONE;
        }
    }

    /**
     * Lets this vCPU's accesses to the local APIC's page reach the registers where they are now.
     */
    public void mapLocalApic() {
        memory.setLocalRegisters(apic.registersAt(), apic.registers());
    }

    /** An instruction pointer cut to what the code mode has: 64 bits, or 32. */
    public long truncateRip(long value) {
        return control.codeIs64() ? value : value & 0xFFFFFFFFL;
    }

    /** The record that faulted when the handler of the one at {@code pc} threw. */
    public int faultedAt(int pc) {
        return faultingRecord == 0 ? pc : faultingRecord;
    }

    /** Instructions executed before the record at {@code pc}. */
    public long executed(int pc) {
        return executedBase + (pc >> 1);
    }

    /** Instructions executed before this one, while a complex instruction runs. */
    public long executedSoFar() {
        int offset = (int) (rip - regs[Registers.CODE_PAGE]) & CodePage.SIZE - 1;
        if (page == null) {
            return executedBase;
        }
        int record = page.entries[offset];
        return executed(
                record == 0 ? CodePage.FIRST_RECORD : record); // alone in its page: the first
    }

    /** RFLAGS as PUSHF would store it, RF and VM included. */
    public long rflags() {
        return flags.get() | Rflags.FIXED | systemFlags;
    }

    /** Replaces all of RFLAGS; what may be changed is the caller's business. */
    public void setRflags(long value) {
        flags.set(value);
        systemFlags = (int) value & Rflags.SYSTEM;
    }

    /**
     * Takes the {@code writable} bits of RFLAGS from an image; RF is cleared unless writable.
     *
     * @param writable all status flags or none of them, and any others
     */
    public void loadFlags(long image, int writable) {
        if ((writable & Flags.STATUS) != 0) {
            flags.set(image);
        }
        int old = systemFlags;
        systemFlags = old & ~(writable | Rflags.RF) | (int) image & writable & Rflags.SYSTEM;
        if (((old ^ systemFlags) & Rflags.VM) != 0) {
            control.modeChanged();
        } else if (((old ^ systemFlags) & Rflags.AC) != 0) {
            control.privilegeChanged();
        }
    }

    /** Clears bits of RFLAGS. */
    public void clearFlags(long bits) {
        if ((bits & Flags.STATUS) != 0) {
            flags.set(flags.get() & ~bits);
        }
        systemFlags &= (int) ~bits;
    }

    /** Whether no event waits that could be taken now; an interrupt that is masked can not. */
    public boolean undisturbed() {
        int unmasked = systemFlags >>> Rflags.IF_SHIFT | ~Events.INTERRUPT;
        return (events.pending() & unmasked) == 0;
    }

    public boolean interruptsEnabled() {
        return (systemFlags & Rflags.IF) != 0;
    }

    public int iopl() {
        return (systemFlags & Rflags.IOPL) >>> Rflags.IOPL_SHIFT;
    }

    public boolean virtual8086() {
        return (systemFlags & Rflags.VM) != 0;
    }
}
