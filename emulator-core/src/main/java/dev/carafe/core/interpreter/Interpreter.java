package dev.carafe.core.interpreter;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Breakpoints;
import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.DebuggerStops;
import dev.carafe.core.cpu.EventDelivery;
import dev.carafe.core.cpu.Events;
import dev.carafe.core.cpu.InterruptShadow;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.fault.CpuFault;
import dev.carafe.core.isa.Handler;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Record;
import dev.carafe.core.isa.control.Spinning;
import dev.carafe.core.isa.decode.Decoder;
import dev.carafe.core.isa.decode.OpcodeIndex;
import dev.carafe.core.memory.PhysicalBus;

/**
 * Executes one vCPU: the loop over records, and around it what happens at instruction boundaries.
 * Runs on one thread at a time and never blocks.
 */
public final class Interpreter {
    /**
     * The last instructions of a budget are executed one by one: no page holds more records than
     * this.
     */
    private static final long STEPPED_TAIL = 2 * CodePage.SIZE;

    private static final int MASK = Record.HANDLER_MASK;

    private final Cpu cpu;
    private final HandlerTable table;
    private final Translator translator;
    private final CodeLookup lookup;
    private final Boundary boundary;
    private final LooseCode loose;
    private final HotCode hot;
    private CpuFault faulted; // in the hot loop, and not yet delivered
    private Object stepped; // the instruction that step executed, null for none

    /** What a machine's interpreters share. */
    public record Shared(
            CodeCache cache, HandlerTable handlers, OpcodeIndex opcodes, PhysicalBus bus) {}

    public Interpreter(Cpu cpu, Shared shared) {
        this.cpu = cpu;
        table = shared.handlers();
        translator = new Translator(new Decoder(shared.opcodes()), table, shared.bus());
        lookup = new CodeLookup(cpu, shared.cache(), shared.bus());
        boundary = new Boundary(cpu);
        loose = new LooseCode(cpu, translator, shared.bus());
        hot = new HotCode(cpu, table.regions()::request, table.regions().atOnce());
    }

    /**
     * Instructions executed since power-on, those that raised an exception included: a handler that
     * faults at its first instruction uses up a budget too. Exact while this interpreter does not
     * run.
     */
    public long executed() {
        return cpu.executedBase;
    }

    /**
     * Runs until there is a reason to stop.
     *
     * @param budget most instructions to execute, at least 1; exact
     */
    public StopReason run(long budget) {
        long end =
                budget > Long.MAX_VALUE - cpu.executedBase
                        ? Long.MAX_VALUE
                        : cpu.executedBase + budget;
        long tail = end == Long.MAX_VALUE ? end : end - STEPPED_TAIL;
        hot.begin(tail);
        boolean alone = false;
        while (true) {
            try {
                if (cpu.events.pending() != 0 || cpu.activity != Activity.RUNNING) {
                    StopReason stop = boundary.serve();
                    if (stop != null) {
                        return stop;
                    }
                }
                if (cpu.executedBase >= end) {
                    return StopReason.BUDGET;
                }
                if (cpu.executedBase >= cpu.executedLimit) {
                    hot.sample(tail);
                }
                if (alone
                        || cpu.executedBase >= cpu.executedLimit
                        || cpu.shadow != InterruptShadow.NONE
                        || (cpu.systemFlags & Rflags.TF) != 0) {
                    alone = false;
                    step();
                } else {
                    runPages();
                }
            } catch (CpuFault fault) {
                alone = fault == CpuFault.ALONE;
                if (!alone) {
                    cpu.executedBase++;
                    cpu.breakpoints.take(); // the instruction has not happened
                    EventDelivery.fault(cpu, fault);
                }
            }
            if (cpu.activity == Activity.SHUTDOWN) {
                return StopReason.SHUTDOWN;
            }
            if (cpu.pauses > Spinning.PAUSES_BEFORE_YIELD) {
                cpu.pauses = 0;
                return StopReason.SPINNING;
            }
        }
    }

    /**
     * Executes the next instruction, or takes the event that comes before it, for a debugger. A
     * code point at the instruction does not stop, nor do {@code maskedEvents}; those only end HLT.
     *
     * @return {@link StopReason#BUDGET} when that was done
     */
    public StopReason runOne(int maskedEvents) {
        DebuggerStops debugger = cpu.breakpoints.debugger;
        debugger.maskedEvents = maskedEvents;
        try {
            if (cpu.activity == Activity.HALTED
                    && (cpu.events.pending() & maskedEvents) != 0
                    && EventDelivery.endsHalt(cpu)) {
                cpu.activity = Activity.RUNNING;
                cpu.monitor.disarm();
            } else if ((cpu.events.pending() & Events.STOP) == 0
                    && EventDelivery.takePending(cpu)) {
                return cpu.activity == Activity.SHUTDOWN ? StopReason.SHUTDOWN : StopReason.BUDGET;
            }
            return run(1);
        } finally {
            debugger.maskedEvents = 0;
        }
    }

    // ---- many instructions

    /**
     * Runs from page to page until something needs looking after. Faults of a fetch leave with RIP
     * exact.
     */
    private void runPages() {
        do {
            int entry = enter();
            cpu.systemFlags &= ~Rflags.RF; // lasts for one instruction; who looks at it steps
            if (entry == 0) {
                stepRecord(loose.enter());
            } else {
                hot.entered(entry);
                runPage(entry);
                if (faulted != null) {
                    deliverFault();
                }
                if (cpu.crossing) {
                    cpu.crossing = false;
                    stepRecord(loose.enter());
                }
            }
        } while (cpu.undisturbed()
                && cpu.executedBase < cpu.executedLimit
                && cpu.pauses <= Spinning.PAUSES_BEFORE_YIELD
                && cpu.shadow == InterruptShadow.NONE
                && cpu.activity == Activity.RUNNING
                && (cpu.systemFlags & Rflags.TF) == 0);
    }

    /**
     * The hot loop, up to a fault at most, which is left in {@link #faulted}. Unrolled: the
     * compiler does not do that with a call in it.
     */
    private void runPage(int entry) {
        Cpu cpu = this.cpu;
        Handler[] handlers = table.handlers;
        long[] code = cpu.page.records;
        int pc = entry;
        try {
            while (true) {
                int next = handlers[(int) code[pc] & MASK].exec(cpu, code, pc);
                if (next < 0) {
                    return;
                }
                pc = next;
                next = handlers[(int) code[pc] & MASK].exec(cpu, code, pc);
                if (next < 0) {
                    return;
                }
                pc = next;
                next = handlers[(int) code[pc] & MASK].exec(cpu, code, pc);
                if (next < 0) {
                    return;
                }
                pc = next;
                next = handlers[(int) code[pc] & MASK].exec(cpu, code, pc);
                if (next < 0) {
                    return;
                }
                pc = next;
            }
        } catch (CpuFault fault) {
            faulted = located(fault, pc, code);
        }
    }

    /**
     * Delivers what the hot loop has left with; outside of it, so that its size does not depend on
     * what delivery does. Cheaper than to throw it once more.
     */
    private void deliverFault() {
        CpuFault fault = faulted;
        faulted = null;
        if (fault == CpuFault.ALONE) {
            throw fault;
        }
        cpu.executedBase++;
        EventDelivery.fault(cpu, fault);
    }

    /**
     * Makes RIP and the instruction count exact after a fault in the record at {@code pc}; returns
     * the fault as it is delivered.
     */
    private CpuFault located(CpuFault fault, int pc, long[] code) {
        int at = cpu.faultedAt(pc);
        cpu.faultingRecord = 0;
        cpu.unlinkedJump = 0; // a jump that faulted does not want to be linked to the handler
        cpu.rip = cpu.truncateRip(cpu.regs[Registers.CODE_PAGE] + cpu.page.offsets[at >> 1]);
        cpu.executedBase += at >> 1;
        return Record.segment(code[at]) == Segments.SS ? fault.onStack() : fault;
    }

    /**
     * Finds the record for RIP and makes its page the current one.
     *
     * @return its index, or 0 when the code does not lie in memory
     */
    private int enter() {
        int from = cpu.unlinkedJump;
        cpu.unlinkedJump = 0;
        long linear = codeLinear();
        CodePage pageBefore = cpu.page;
        long ripOfPageBefore = cpu.regs[Registers.CODE_PAGE];
        while (true) {
            CodePage page = lookup.find(linear);
            if (page == null) {
                return 0;
            }
            int offset = (int) linear & CodePage.SIZE - 1;
            int entry = page.entries[offset];
            if (entry == 0) {
                entry = translator.translate(page, offset);
            }
            if (entry != 0) {
                cpu.page = page;
                cpu.regs[Registers.CODE_PAGE] = cpu.rip - offset;
                cpu.executedBase -= entry >> 1;
                boolean stays =
                        page == pageBefore
                                && cpu.regs[Registers.CODE_PAGE]
                                        == ripOfPageBefore; // no alias of it
                if (from != 0 && stays && cpu.control.codeBaseIsZero()) {
                    Translator.link(page, from, entry);
                }
                return entry;
            }
        }
    }

    private long codeLinear() {
        long rip = cpu.rip;
        if (cpu.control.codeIs64()) {
            return rip;
        }
        if (Long.compareUnsigned(rip, Integer.toUnsignedLong(cpu.segments.limit[Segments.CS]))
                > 0) {
            throw CpuFault.generalProtection(0);
        }
        return cpu.segments.base(Segments.CS) + rip & 0xFFFFFFFFL;
    }

    // ---- one instruction

    /**
     * Executes one instruction, with what surrounds it: the end of an interrupt shadow, RF, the
     * single-step trap.
     */
    private void step() {
        Breakpoints breakpoints = cpu.breakpoints;
        breakpoints.alone = true;
        try {
            if (breakpoints.stopsDebugger(codeLinear())) {
                return;
            }
            boolean passedOver = cpu.shadow == InterruptShadow.MOV_SS && !cpu.model.isAmd();
            if (!passedOver && (cpu.systemFlags & Rflags.RF) == 0) {
                long matched = breakpoints.atInstruction(codeLinear());
                if (matched != 0) {
                    cpu.executedBase++;
                    EventDelivery.debug(cpu, matched);
                    return;
                }
            }
            breakpoints.trapping = (cpu.systemFlags & Rflags.TF) != 0;
            cpu.systemFlags &= ~Rflags.RF;
            stepThrough(breakpoints);
        } finally {
            breakpoints.alone = false;
        }
    }

    private void stepThrough(Breakpoints breakpoints) {
        InterruptShadow shadow = cpu.shadow;
        long ripBefore = cpu.rip;
        long executedBefore = cpu.executedBase;
        int entry = enter();
        stepRecord(entry == 0 ? loose.enter() : entry);
        if (cpu.executedBase == executedBefore) {
            return; // another vCPU has changed the code meanwhile: the instruction is still to come
        }
        if (cpu.shadow == shadow) {
            cpu.shadow = InterruptShadow.NONE;
        }
        boolean trap =
                breakpoints.trapping
                        && ((cpu.system.debugControl & Breakpoints.BRANCH_TRAPS) == 0
                                || branched(ripBefore));
        if (cpu.shadow != InterruptShadow.MOV_SS && (trap || breakpoints.pending() != 0)) {
            EventDelivery.debug(cpu, trap ? Breakpoints.SINGLE_STEP : 0);
        }
    }

    /** Whether the instruction just executed was a branch, and taken. */
    private boolean branched(long ripBefore) {
        if (!(stepped instanceof Instruction insn)) {
            return false;
        }
        boolean elsewhere = cpu.rip != cpu.truncateRip(ripBefore + insn.length());
        boolean repeating = insn.repeat() != 0 && cpu.rip == ripBefore;
        return elsewhere && !repeating || Flow.alwaysBranches(insn.operation());
    }

    /** Executes the records of one instruction; those that are no instruction come along. */
    private void stepRecord(int entry) {
        long[] code = cpu.page.records;
        int pc = entry;
        int handler = Record.handler(code[pc]);
        while (handler == PseudoHandlers.GOTO || handler == PseudoHandlers.FAR_OPERAND) {
            pc =
                    handler == PseudoHandlers.GOTO
                            ? PseudoHandlers.follow(cpu, code, pc)
                            : table.handlers[handler].exec(cpu, code, pc);
            handler = Record.handler(code[pc]);
        }
        if (handler == PseudoHandlers.CROSSING || handler == PseudoHandlers.ASK_DEBUGGER) {
            PseudoHandlers.lookUp(cpu, pc);
            stepRecord(loose.enter());
            return;
        }
        stepped = cpu.page.instructions[pc >> 1];
        try {
            int next = translator.alone(code[pc]).exec(cpu, code, pc);
            if (next >= 0) {
                cpu.rip =
                        cpu.truncateRip(
                                cpu.regs[Registers.CODE_PAGE] + cpu.page.offsets[next >> 1]);
                cpu.executedBase += next >> 1;
            }
        } catch (CpuFault fault) {
            throw located(fault, pc, code);
        }
    }
}
