package dev.carafe.core.cpu;

import static dev.carafe.core.fault.ExceptionVector.*;

import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.interrupt.LocalInterruptController;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes exceptions, interrupts and start-up messages (SDM Vol. 3A, "Interrupt and Exception
 * Handling"). After a delivery {@code cpu.rip} and {@code cpu.nextRip} are the handler's first
 * instruction.
 *
 * <p>A fault during delivery becomes the next exception, #DF or shutdown, by the table of
 * "Interrupt 8 - Double Fault Exception".
 *
 * <p>Not modelled: system-management mode (an SMI is dropped).
 */
public final class EventDelivery {
    private static final int VECTORS = 256;
    private static final int MAX_CHAIN =
            8; // benign exceptions that follow one another; more cannot happen before shutdown

    private EventDelivery() {}

    /** Where an event comes from. */
    enum Origin {
        EXCEPTION,
        INTERRUPT,
        /** INT n, INT3 or INTO: the gate's DPL is checked. */
        SOFTWARE,
        INT1
    }

    /**
     * One event on its way to its handler.
     *
     * @param vector 0 to 255
     * @param errorCode what is pushed when {@code pushesErrorCode}
     * @param external EXT bit of error codes raised while it is delivered: 0 for INT n, INT3 and
     *     INTO, otherwise 1
     * @param origin who caused it
     * @param resumeFlag whether RF is set in the frame's flags
     */
    record Event(
            int vector,
            int errorCode,
            boolean pushesErrorCode,
            int external,
            Origin origin,
            boolean resumeFlag) {
        /** Made once, since system calls are such events and many. */
        private static final Event[] SOFTWARE =
                IntStream.range(0, VECTORS)
                        .mapToObj(vector -> new Event(vector, 0, false, 0, Origin.SOFTWARE, false))
                        .toArray(Event[]::new);

        /** RIP in the frame: instructions that interrupt return behind themselves. */
        long returnRip(Cpu cpu) {
            return origin == Origin.SOFTWARE || origin == Origin.INT1 ? cpu.nextRip : cpu.rip;
        }

        boolean software() {
            return origin == Origin.SOFTWARE;
        }

        boolean isException() {
            return origin == Origin.EXCEPTION;
        }

        /** Error code that names the IDT entry. */
        int idtErrorCode() {
            return vector << 3 | 2 | external;
        }
    }

    // ---- exceptions

    /**
     * An exception of the instruction at {@code cpu.rip}. Never throws: at worst the processor is
     * in shutdown.
     */
    public static void fault(Cpu cpu, CpuFault fault) {
        escalate(cpu, exception(cpu, fault));
    }

    /**
     * A debug exception after the instruction before {@code cpu.rip}, or before the one at it.
     *
     * @param causes bits of DR6 to set: B0 to B3, BD, BS; those of traps that wait join them
     */
    public static void debug(Cpu cpu, long causes) {
        cpu.activity = Activity.RUNNING;
        noteDebug(cpu, causes | cpu.breakpoints.take());
        escalate(cpu, new Event(DEBUG, 0, false, 1, Origin.EXCEPTION, false));
    }

    /** A fault-class debug exception, to be thrown; DR6 and DR7 are up to date then. */
    public static CpuFault debugFault(Cpu cpu, long causes) {
        noteDebug(cpu, causes);
        return CpuFault.of(DEBUG);
    }

    private static void noteDebug(Cpu cpu, long causes) {
        SystemRegisters system = cpu.system;
        system.debug[6] = system.debug[6] & ~Breakpoints.MATCHED | causes;
        system.debug[7] &= ~SystemRegisters.DR7_GENERAL_DETECT;
        system.debugControl &= ~Breakpoints.BRANCH_TRAPS;
    }

    private static Event exception(Cpu cpu, CpuFault fault) {
        int vector = fault.vector();
        if (vector == PAGE_FAULT) {
            cpu.control.setCr2(fault.address());
        }
        boolean resumes = vector != DOUBLE_FAULT && vector != MACHINE_CHECK;
        return new Event(
                vector, fault.errorCode(), hasErrorCode(vector), 1, Origin.EXCEPTION, resumes);
    }

    private static void escalate(Cpu cpu, Event event) {
        record(cpu, event);
        try {
            once(cpu, event);
            if (event.origin() == Origin.INTERRUPT) {
                cpu.frames.delivered(event.vector());
            }
        } catch (CpuFault fault) {
            afterFailure(cpu, event, fault);
        }
    }

    /**
     * The first attempt at delivery has failed: goes on until something can be delivered, or to
     * shutdown.
     */
    private static void afterFailure(Cpu cpu, Event event, CpuFault fault) {
        boolean pageFault = event.isException() && event.vector() == PAGE_FAULT;
        var first =
                new TripleFault.Event(
                        event.vector(), event.errorCode(), pageFault ? cpu.control.cr2() : 0);
        List<TripleFault.Event> failures = new ArrayList<>();
        Event current = event;
        CpuFault second = fault;
        for (int i = 0; i < MAX_CHAIN; i++) {
            cpu.control.privilegeChanged();
            failures.add(
                    new TripleFault.Event(second.vector(), second.errorCode(), second.address()));
            Event next = exception(cpu, second);
            if (current.isException()
                    && current.vector() == DOUBLE_FAULT
                    && doubleFaultClass(next.vector()) != Contribution.BENIGN) {
                break;
            }
            current = combine(current, next);
            record(cpu, current);
            try {
                once(cpu, current);
                return;
            } catch (CpuFault third) {
                second = third;
            }
        }
        cpu.activity = Activity.SHUTDOWN;
        cpu.tripleFault = new TripleFault(cpu.rip, first, List.copyOf(failures));
        cpu.rare.record(RareEvents.Kind.SHUTDOWN, cpu.rip, first.vector(), 0);
        EventLog.reset(cpu, "triple fault");
    }

    /** The columns and rows of the manual's table. */
    private enum Contribution {
        BENIGN,
        CONTRIBUTORY,
        PAGE_FAULT
    }

    private static Contribution doubleFaultClass(int vector) {
        return switch (vector) {
            case DIVIDE_ERROR,
                    INVALID_TSS,
                    SEGMENT_NOT_PRESENT,
                    STACK_FAULT,
                    GENERAL_PROTECTION,
                    CONTROL_PROTECTION ->
                    Contribution.CONTRIBUTORY;
            case ExceptionVector.PAGE_FAULT -> Contribution.PAGE_FAULT;
            default -> Contribution.BENIGN;
        };
    }

    private static Event combine(Event first, Event second) {
        // An interrupt that shares its number with an exception is benign all the same.
        Contribution before =
                !first.isException() ? Contribution.BENIGN : doubleFaultClass(first.vector());
        Contribution after = doubleFaultClass(second.vector());
        boolean serial =
                before == Contribution.BENIGN
                        || after == Contribution.BENIGN
                        || before == Contribution.CONTRIBUTORY && after == Contribution.PAGE_FAULT;
        return serial ? second : new Event(DOUBLE_FAULT, 0, true, 1, Origin.EXCEPTION, false);
    }

    // ---- interrupts

    /** A maskable interrupt that the interrupt controller has acknowledged. */
    public static void interrupt(Cpu cpu, int vector) {
        cpu.activity = Activity.RUNNING;
        cpu.monitor.disarm();
        cpu.rare.record(RareEvents.Kind.INTERRUPT, cpu.rip, vector, 0);
        EventLog.interrupt(cpu, "interrupt", vector);
        escalate(cpu, new Event(vector, 0, false, 1, Origin.INTERRUPT, false));
    }

    /** A non-maskable interrupt; further ones wait until IRET. */
    public static void nmi(Cpu cpu) {
        cpu.activity = Activity.RUNNING;
        cpu.nmiBlocked = true;
        interrupt(cpu, ExceptionVector.NMI);
    }

    /**
     * INT n, INT3 and INTO: the frame returns to the next instruction.
     *
     * @throws CpuFault when it cannot be delivered; nothing has changed then
     */
    public static void softwareInterrupt(Cpu cpu, int vector) {
        software(cpu, Event.SOFTWARE[vector]);
    }

    /** INT1: a debug exception by instruction; the gate's DPL is not checked. */
    public static void privilegedSoftwareInterrupt(Cpu cpu) {
        software(cpu, new Event(DEBUG, 0, false, 1, Origin.INT1, false));
        long waiting = cpu.breakpoints.take(); // of a MOV SS just before: one exception for both
        noteDebug(cpu, waiting != 0 ? waiting : cpu.system.debug[6] & Breakpoints.MATCHED);
    }

    private static void software(Cpu cpu, Event event) {
        cpu.rare.record(RareEvents.Kind.SOFTWARE_INTERRUPT, cpu.rip, event.vector(), 0);
        EventLog.interrupt(cpu, "INT", event.vector());
        try {
            once(cpu, event);
        } catch (CpuFault fault) {
            cpu.control.privilegeChanged();
            throw fault;
        }
    }

    /**
     * Acts on the event word at an instruction boundary, by the manual's priorities (SDM Vol. 3A,
     * "Priority Among Simultaneous Exceptions and Interrupts"): at most one interrupt is delivered.
     *
     * @return whether execution goes on elsewhere or the activity has changed
     */
    public static boolean takePending(Cpu cpu) {
        int pending = cpu.events.pendingVolatile() & ~cpu.breakpoints.debugger.maskedEvents;
        boolean changed = false;
        // Both at once, for an INIT that comes later takes back the SIPI before it.
        int resets = pending & (Events.INIT | Events.SIPI);
        if (resets != 0) {
            resets = cpu.events.clear(resets);
        }
        if ((resets & Events.INIT) != 0) {
            ResetState.init(cpu, cpu.index == 0 ? Activity.RUNNING : Activity.WAIT_FOR_SIPI);
            changed = true;
        }
        if ((resets & Events.SIPI) != 0 && cpu.activity == Activity.WAIT_FOR_SIPI) {
            ResetState.startup(cpu, cpu.events.startupVector());
            return true;
        }
        if ((pending & Events.SMI) != 0) {
            cpu.events.clear(Events.SMI);
        }
        boolean executing = cpu.activity == Activity.RUNNING || cpu.activity == Activity.HALTED;
        if (!executing || changed) {
            return changed;
        }
        return takeInterrupt(cpu, pending);
    }

    /**
     * Whether an event is pending that a halted processor goes on for, masked by a debugger or not.
     */
    public static boolean endsHalt(Cpu cpu) {
        int wanted = Events.SMI;
        wanted |= cpu.nmiBlocked ? 0 : Events.NMI;
        wanted |= cpu.interruptsEnabled() || cpu.monitor.interruptsBreak() ? Events.INTERRUPT : 0;
        return (cpu.events.pendingVolatile() & wanted) != 0;
    }

    private static boolean takeInterrupt(Cpu cpu, int pending) {
        if ((pending & Events.DEBUG_TRAP) != 0 && cpu.shadow != InterruptShadow.MOV_SS) {
            debug(cpu, 0);
            return true;
        }
        if ((pending & Events.NMI) != 0 && !cpu.nmiBlocked && cpu.shadow == InterruptShadow.NONE) {
            cpu.events.takeNmi();
            nmi(cpu);
            return true;
        }
        if ((pending & Events.INTERRUPT) != 0
                && cpu.interruptsEnabled()
                && cpu.shadow == InterruptShadow.NONE) {
            int vector = cpu.apic.acknowledge();
            if (vector != LocalInterruptController.NO_VECTOR) {
                interrupt(cpu, vector);
                return true;
            }
        }
        return false;
    }

    // ---- one attempt

    private static void once(Cpu cpu, Event event) {
        boolean alone = cpu.breakpoints.alone;
        cpu.breakpoints.alone = true;
        try {
            deliver(cpu, event);
        } finally {
            cpu.breakpoints.alone = alone;
        }
        cpu.breakpoints.trapping = false; // TF is clear, and traps resume where the frame says
        cpu.shadow = InterruptShadow.NONE;
    }

    private static void deliver(Cpu cpu, Event event) {
        if (cpu.control.longMode()) {
            LongModeDelivery.deliver(cpu, event);
        } else if (cpu.control.protectedMode()) {
            ProtectedModeDelivery.deliver(cpu, event);
        } else {
            RealModeDelivery.deliver(cpu, event);
        }
    }

    private static void record(Cpu cpu, Event event) {
        if (event.isException()) {
            long detail = event.vector() | (long) event.errorCode() << 8;
            cpu.rare.record(RareEvents.Kind.EXCEPTION, cpu.rip, detail, cpu.control.cr2());
            EventLog.exception(cpu, event.vector(), event.errorCode());
        }
    }

    /**
     * Flags after a gate was passed: TF, NT, VM and RF cleared, IF too where the gate is an
     * interrupt gate.
     */
    static void clearFlags(Cpu cpu, boolean interruptGate) {
        cpu.systemFlags &=
                ~(Rflags.TF | Rflags.NT | Rflags.VM | Rflags.RF | (interruptGate ? Rflags.IF : 0));
    }

    /** The flags image of the frame. */
    static long savedFlags(Cpu cpu, Event event) {
        return cpu.rflags() | (event.resumeFlag() ? Rflags.RF : 0);
    }

    static void enter(Cpu cpu, long rip) {
        cpu.rip = rip;
        cpu.nextRip = rip;
    }
}
