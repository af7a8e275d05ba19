package dev.carafe.core.cpu;

import static dev.carafe.core.fault.ExceptionVector.GENERAL_PROTECTION;
import static dev.carafe.core.fault.ExceptionVector.INVALID_TSS;
import static dev.carafe.core.fault.ExceptionVector.SEGMENT_NOT_PRESENT;

import dev.carafe.core.fault.CpuFault;

/**
 * Hardware task switches (SDM Vol. 3A, "Task Switching", steps and order of checks as there).
 * Faults before the commit point leave the old task as it was; those behind it belong to the new
 * task.
 *
 * <p>Not modelled: shadow-stack switching by tasks.
 */
public final class TaskSwitch {
    /** What causes the switch. */
    public enum Cause {
        JUMP,
        CALL,
        RETURN,
        EVENT
    }

    private static final int TABLE_INDICATOR = 4;
    private static final int RPL = 3;
    private static final int STORABLE_FLAGS = Flags.STATUS | Rflags.FIXED | Rflags.SYSTEM;

    private TaskSwitch() {}

    // ---- by instructions

    /** Whether a far JMP or CALL to such a descriptor switches tasks. */
    public static boolean isTask(Cpu cpu, int attributes) {
        if (cpu.control.longMode() || !Descriptor.isSystem(attributes)) {
            return false;
        }
        return switch (Descriptor.type(attributes)) {
            case Descriptor.TASK_GATE,
                    Descriptor.TSS_AVAILABLE,
                    Descriptor.TSS_BUSY,
                    Descriptor.TSS16_AVAILABLE,
                    Descriptor.TSS16_BUSY ->
                    true;
            default -> false;
        };
    }

    /** JMP or CALL to a TSS descriptor or a task gate. */
    public static void transfer(Cpu cpu, Cause cause, int selector, long raw) {
        int attributes = Descriptor.attributes(raw);
        require(Descriptor.dpl(attributes) >= Math.max(cpu.cpl, selector & RPL), selector);
        int target = selector;
        long tss = raw;
        if (Descriptor.type(attributes) == Descriptor.TASK_GATE) {
            if (!Descriptor.present(attributes)) {
                throw CpuFault.of(SEGMENT_NOT_PRESENT, selector & 0xFFFC);
            }
            target = Descriptor.gateSelector(raw);
            tss = readAvailable(cpu, target, 0);
        } else {
            requireAvailable(target, tss, 0);
        }
        byInstruction(cpu, cause, target, tss);
    }

    /** IRET with NT set: back to the task that the link of this one names. */
    public static void nestedReturn(Cpu cpu) {
        int selector = TaskState.link(cpu, cpu.system.tr);
        if ((selector & TABLE_INDICATOR) != 0 || Descriptor.isNull(selector)) {
            throw CpuFault.of(INVALID_TSS, selector & 0xFFFC);
        }
        long raw = DescriptorAccess.read(cpu, selector, INVALID_TSS, 0);
        int attributes = Descriptor.attributes(raw);
        int type = Descriptor.type(attributes);
        if (!Descriptor.isSystem(attributes)
                || type != Descriptor.TSS_BUSY && type != Descriptor.TSS16_BUSY) {
            throw CpuFault.of(INVALID_TSS, selector & 0xFFFC);
        }
        byInstruction(cpu, Cause.RETURN, selector, raw);
    }

    private static void byInstruction(Cpu cpu, Cause cause, int selector, long raw) {
        TaskState entered = leave(cpu, cause, selector, raw, 0, cpu.nextRip, cpu.rflags());
        try {
            enter(cpu, entered, 0);
        } catch (CpuFault fault) {
            EventDelivery.fault(cpu, fault); // of the new task, whose RIP is in place
        }
        cpu.nextRip = cpu.rip;
    }

    // ---- by events

    /** An event through a task gate whose own checks have passed. */
    static void deliver(Cpu cpu, EventDelivery.Event event, long gate) {
        int selector = Descriptor.gateSelector(gate);
        int external = event.external();
        long raw = readAvailable(cpu, selector, external);
        long flags = EventDelivery.savedFlags(cpu, event);
        long rip = event.returnRip(cpu);
        TaskState entered = leave(cpu, Cause.EVENT, selector, raw, external, rip, flags);
        enter(cpu, entered, external);
        if (event.pushesErrorCode()) {
            boolean wide = TaskState.wide(cpu.system.tr.attributes());
            StackCursor stack = StackCursor.current(cpu, external);
            stack.push(wide ? Width.W32 : Width.W16, event.errorCode());
            cpu.regs[Registers.RSP] = stack.pointer();
        }
    }

    // ---- the new TSS

    private static long readAvailable(Cpu cpu, int selector, int external) {
        if ((selector & TABLE_INDICATOR) != 0) {
            throw CpuFault.generalProtection(selector & 0xFFFC | external);
        }
        if (Descriptor.isNull(selector)) {
            throw CpuFault.generalProtection(external);
        }
        long raw = DescriptorAccess.read(cpu, selector, GENERAL_PROTECTION, external);
        requireAvailable(selector, raw, external);
        return raw;
    }

    private static void requireAvailable(int selector, long raw, int external) {
        int attributes = Descriptor.attributes(raw);
        int type = Descriptor.type(attributes);
        if ((selector & TABLE_INDICATOR) != 0
                || !Descriptor.isSystem(attributes)
                || type != Descriptor.TSS_AVAILABLE && type != Descriptor.TSS16_AVAILABLE) {
            throw CpuFault.generalProtection(selector & 0xFFFC | external);
        }
    }

    private static void require(boolean rule, int selector) {
        if (!rule) {
            throw CpuFault.generalProtection(selector & 0xFFFC);
        }
    }

    // ---- out of the old task

    /** Everything up to the commit point, and the task register with it. */
    private static TaskState leave(
            Cpu cpu, Cause cause, int selector, long raw, int external, long rip, long flags) {
        int attributes = Descriptor.attributes(raw);
        int errorCode = selector & 0xFFFC | external;
        if (!Descriptor.present(attributes)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, errorCode);
        }
        SystemSegment tss =
                new SystemSegment(
                        selector,
                        Descriptor.base(raw),
                        Descriptor.limit(raw),
                        attributes | Descriptor.BUSY);
        SystemSegment old = cpu.system.tr;
        if (tooShort(tss)) {
            throw CpuFault.of(INVALID_TSS, errorCode);
        }
        if (tooShort(old)) {
            throw CpuFault.of(INVALID_TSS, old.selector() & 0xFFFC | external);
        }
        TaskState.checkWritable(cpu, old);
        boolean nested = cause == Cause.CALL || cause == Cause.EVENT;
        TaskState.checkReadable(cpu, tss, nested);
        if (cause == Cause.JUMP || cause == Cause.RETURN) {
            DescriptorAccess.clearBusy(cpu, old.selector());
        }
        long saved = cause == Cause.RETURN ? flags & ~Rflags.NT : flags;
        TaskState.save(cpu, old, rip, saved);
        TaskState state = TaskState.read(cpu, tss);
        long entered = state.flags();
        if (nested) {
            entered |= Rflags.NT;
            TaskState.setLink(cpu, tss, old.selector());
        }
        if (cause != Cause.RETURN) {
            DescriptorAccess.markBusy(cpu, selector, raw);
        }
        cpu.system.tr = tss;
        cpu.rare.record(RareEvents.Kind.TASK_REGISTER, rip, selector, tss.base());
        return new TaskState(
                state.cr3(),
                state.rip(),
                entered,
                state.general(),
                state.selectors(),
                state.ldt(),
                state.trap());
    }

    private static boolean tooShort(SystemSegment tss) {
        long least = TaskState.leastLimit(TaskState.wide(tss.attributes()));
        return Integer.toUnsignedLong(tss.limit()) < least;
    }

    // ---- into the new one

    private static void enter(Cpu cpu, TaskState state, int external) {
        System.arraycopy(state.general(), 0, cpu.regs, 0, state.general().length);
        EventDelivery.enter(cpu, state.rip());
        cpu.setRflags(state.flags() & STORABLE_FLAGS);
        int[] selectors = state.selectors();
        boolean virtual = cpu.virtual8086();
        cpu.cpl = virtual ? 3 : selectors[Segments.CS] & RPL;
        for (int segment = 0; segment < Segments.COUNT; segment++) {
            invalidate(cpu, segment, selectors[segment]);
        }
        cpu.system.ldtr = SystemSegment.unusable(state.ldt());
        cpu.control.taskSwitched();
        if (cpu.control.paging() && TaskState.wide(cpu.system.tr.attributes())) {
            cpu.control.writeCr3(state.cr3());
        }
        if (state.trap()) {
            cpu.breakpoints.pend(Breakpoints.TASK_SWITCH);
        }
        loadLocalTable(cpu, state.ldt(), external);
        if (virtual) {
            for (int segment = 0; segment < Segments.COUNT; segment++) {
                cpu.segments.loadRealMode(segment, selectors[segment]);
            }
        } else {
            loadSegments(cpu, selectors, external);
        }
        if (Long.compareUnsigned(
                        state.rip(), Integer.toUnsignedLong(cpu.segments.limit[Segments.CS]))
                > 0) {
            throw CpuFault.generalProtection(external);
        }
    }

    /** The selector is there, the hidden part not yet: a fault now finds it so. */
    private static void invalidate(Cpu cpu, int segment, int selector) {
        int kept =
                cpu.segments.attributes[segment]
                        & (segment == Segments.CS || segment == Segments.SS ? Descriptor.BIG : 0);
        cpu.segments.set(segment, selector, 0, 0, Descriptor.UNUSABLE | kept);
    }

    private static void loadLocalTable(Cpu cpu, int selector, int external) {
        if (Descriptor.isNull(selector)) {
            return;
        }
        int errorCode = selector & 0xFFFC | external;
        if ((selector & TABLE_INDICATOR) != 0) {
            throw CpuFault.of(INVALID_TSS, errorCode);
        }
        long raw = DescriptorAccess.read(cpu, selector, INVALID_TSS, external);
        int attributes = Descriptor.attributes(raw);
        if (!Descriptor.isSystem(attributes)
                || Descriptor.type(attributes) != Descriptor.LDT
                || !Descriptor.present(attributes)) {
            throw CpuFault.of(INVALID_TSS, errorCode);
        }
        cpu.system.ldtr =
                new SystemSegment(
                        selector, Descriptor.base(raw), Descriptor.limit(raw), attributes);
    }

    private static void loadSegments(Cpu cpu, int[] selectors, int external) {
        loadCode(cpu, selectors[Segments.CS], external);
        int stack = selectors[Segments.SS];
        if (Descriptor.isNull(stack)) {
            throw CpuFault.of(INVALID_TSS, external);
        }
        long raw = cpu.segments.checkedStack(stack, cpu.cpl, INVALID_TSS, external);
        set(cpu, Segments.SS, stack, raw);
        for (int segment : new int[] {Segments.DS, Segments.ES, Segments.FS, Segments.GS}) {
            loadData(cpu, segment, selectors[segment], external);
        }
    }

    private static void loadCode(Cpu cpu, int selector, int external) {
        if (Descriptor.isNull(selector)) {
            throw CpuFault.of(INVALID_TSS, external);
        }
        int errorCode = selector & 0xFFFC | external;
        long raw = DescriptorAccess.read(cpu, selector, INVALID_TSS, external);
        int attributes = Descriptor.attributes(raw);
        int dpl = Descriptor.dpl(attributes);
        boolean allowed = Descriptor.isConforming(attributes) ? dpl <= cpu.cpl : dpl == cpu.cpl;
        if (!Descriptor.isCode(attributes) || !allowed) {
            throw CpuFault.of(INVALID_TSS, errorCode);
        }
        if (!Descriptor.present(attributes)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, errorCode);
        }
        set(cpu, Segments.CS, selector, raw);
    }

    private static void loadData(Cpu cpu, int segment, int selector, int external) {
        if (Descriptor.isNull(selector)) {
            cpu.segments.setNull(segment, selector);
            return;
        }
        int errorCode = selector & 0xFFFC | external;
        long raw = DescriptorAccess.read(cpu, selector, INVALID_TSS, external);
        int attributes = Descriptor.attributes(raw);
        boolean allowed =
                Descriptor.isConforming(attributes)
                        || Descriptor.dpl(attributes) >= Math.max(cpu.cpl, selector & RPL);
        if (!Descriptor.isReadable(attributes) || !allowed) {
            throw CpuFault.of(INVALID_TSS, errorCode);
        }
        if (!Descriptor.present(attributes)) {
            throw CpuFault.of(SEGMENT_NOT_PRESENT, errorCode);
        }
        set(cpu, segment, selector, raw);
    }

    private static void set(Cpu cpu, int segment, int selector, long raw) {
        long marked = DescriptorAccess.markAccessed(cpu, selector, raw);
        cpu.segments.setFromDescriptor(segment, selector, marked);
    }
}
