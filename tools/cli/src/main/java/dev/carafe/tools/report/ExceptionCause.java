package dev.carafe.tools.report;

import static dev.carafe.core.fault.ExceptionVector.*;

import dev.carafe.core.cpu.ControlBits;
import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.RareEvents.Event;
import dev.carafe.core.cpu.RareEvents.Kind;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Why an instruction raised its exception. */
final class ExceptionCause {
    private static final int ERROR_PRESENT = 1;
    private static final int ERROR_WRITE = 2;
    private static final int ERROR_USER = 4;
    private static final int ERROR_FETCH = 16;
    private static final int ERROR_IDT = 2;
    private static final long FIRST_PAGE = 4096;
    private static final int PAGE = 4096;
    private static final int CR3 = 3;

    private final Scene scene;
    private final Cpu cpu;
    private final List<String> facts = new ArrayList<>();

    ExceptionCause(Scene scene, Cpu cpu) {
        this.scene = scene;
        this.cpu = cpu;
    }

    /** Walks and bytes that the last {@link #why} looked at. */
    List<String> facts() {
        return facts;
    }

    /**
     * One exception.
     *
     * @param order of its event
     * @param registersAsThen whether the registers are still those of the instruction
     */
    record Raised(
            int vector,
            int errorCode,
            long rip,
            long address,
            long order,
            boolean registersAsThen) {
        static Raised of(Event event, boolean registersAsThen) {
            return new Raised(
                    (int) event.detail() & 0xFF,
                    (int) (event.detail() >>> 8),
                    event.rip(),
                    event.value(),
                    event.order(),
                    registersAsThen);
        }
    }

    /** What to say behind {@code #GP(0x0010) at place}; the text is empty when nothing is known. */
    Finding why(Raised raised) {
        facts.clear();
        Instruction insn = scene.instruction(cpu, raised.rip());
        facts.add("instruction: " + scene.instructionText(cpu, raised.rip()));
        return switch (raised.vector()) {
            case PAGE_FAULT -> pageFault(raised, insn);
            case GENERAL_PROTECTION -> generalProtection(raised, insn);
            case INVALID_OPCODE -> invalidOpcode(raised, insn);
            case SEGMENT_NOT_PRESENT, INVALID_TSS, STACK_FAULT -> selector(raised, insn);
            case DEVICE_NOT_AVAILABLE ->
                    Finding.of(
                            "fpu-not-available",
                            cpu.control.cr0(ControlBits.CR0_EM)
                                    ? "with CR0.EM set"
                                    : "with CR0.TS set",
                            "Initialize the FPU on every CPU: clear CR0.EM and CR0.TS.");
            case DIVIDE_ERROR ->
                    Finding.of(
                            "divide-error", "dividing by zero, or the quotient is too large", "");
            default -> Finding.of("exception", "", "");
        };
    }

    // ---- #PF

    private Finding pageFault(Raised raised, Instruction insn) {
        int error = raised.errorCode();
        long address = raised.address();
        boolean fetch =
                (error & ERROR_FETCH) != 0
                        || (error & ERROR_WRITE) == 0 && codeAt(raised.rip()) == address;
        String doing = fetch ? "executing " : (error & ERROR_WRITE) != 0 ? "writing " : "reading ";
        PageWalk walk = new PageWalk(scene, cpu, address);
        facts.addAll(walk.lines());
        Finding cut = new TrampolineCheck(scene, cpu).why(raised.rip());
        if (cut != null) {
            return cut;
        }
        Finding why = walk.why((error & ERROR_WRITE) != 0, fetch, (error & ERROR_USER) != 0);
        // Tables that were loaded since then may say something else about the address.
        boolean agrees =
                ((error & ERROR_PRESENT) == 0) == why.code().equals("page-not-present")
                        && !tablesChanged(raised);
        String reason = why.text().isEmpty() || !agrees ? "" : ": " + why.text();
        String place = doing + Text.hex(address);
        if (fetch) {
            return jump(raised, place + reason, why);
        }
        if (insn != null && insn.memory() && insn.segment() >= Segments.FS) {
            return perCpu(insn, place + reason, why);
        }
        if (Long.compareUnsigned(address, FIRST_PAGE) < 0 && (error & ERROR_PRESENT) == 0) {
            return Finding.of("null-pointer", place + " (a null pointer)" + reason, "");
        }
        if (isStack(insn)) {
            return Finding.of(
                    "stack-overflow",
                    place + ", the stack's next word" + reason,
                    "The stack has overflowed into a guard page, or RSP is wild.");
        }
        return Finding.of(why.code(), place + reason, why.hint());
    }

    private boolean tablesChanged(Raised raised) {
        return cpu.rare.events().stream()
                .anyMatch(
                        event ->
                                event.kind() == Kind.CONTROL_REGISTER
                                        && event.detail() == CR3
                                        && event.order() > raised.order());
    }

    private long codeAt(long rip) {
        return scene.codeAddress(cpu, rip);
    }

    private static boolean isStack(Instruction insn) {
        if (insn == null) {
            return false;
        }
        return switch (insn.operation()) {
            case PUSH, CALL, ENTER -> true;
            default -> insn.memory() && insn.base() == Registers.RSP;
        };
    }

    private Finding jump(Raised raised, String text, Finding why) {
        if (why.code().equals("nx-without-nxe") || why.code().equals("reserved-bit")) {
            return Finding.of(why.code(), text, why.hint());
        }
        String from = raised.registersAsThen() ? caller() : "";
        return Finding.of("wild-jump", text + from, "");
    }

    /** The word at RSP, when a call may have left it there. */
    private String caller() {
        OptionalLong word = scene.read64(cpu, cpu.regs[Registers.RSP]);
        return word.isPresent() && scene.symbols().isCode(word.getAsLong())
                ? " (called before " + scene.symbols().describe(word.getAsLong()) + ")"
                : "";
    }

    private Finding perCpu(Instruction insn, String text, Finding why) {
        String name = insn.segment() == Segments.GS ? "GS" : "FS";
        long base = cpu.segments.base(insn.segment());
        if (base != 0) {
            return Finding.of(why.code(), text + " (" + name + " base " + Text.hex(base) + ")", "");
        }
        return Finding.of(
                "gs-base-zero",
                text + "; " + name + " base is 0 on this CPU",
                "Write " + name + " base on every CPU before its per-CPU data is used.");
    }

    // ---- #GP and its relatives

    private Finding generalProtection(Raised raised, Instruction insn) {
        int error = raised.errorCode();
        if ((error & ERROR_IDT) != 0) {
            int vector = error >> 3 & 0xFF;
            return gate(vector);
        }
        Finding cut = new TrampolineCheck(scene, cpu).why(raised.rip());
        if (cut != null) {
            return cut;
        }
        if (insn == null) {
            return Finding.of("exception", "", "");
        }
        if (error != 0) {
            return selector(raised, insn);
        }
        switch (insn.operation()) {
            case WRMSR, RDMSR -> {
                return msr(raised, insn.operation() == Operation.WRMSR);
            }
            case MOV -> {
                if (scene.instructionText(cpu, raised.rip()).startsWith("mov cr")) {
                    return control(raised, insn);
                }
            }
            case IRET, IRETD, IRETQ -> {
                return Finding.of("bad-iret-frame", "returning to a frame that is not valid", "");
            }
            default -> {} // operands are looked at below
        }
        return operand(raised, insn);
    }

    private Finding gate(int vector) {
        Finding why = new DeliveryReplay(scene, cpu).why(vector, null);
        String name = vector < 32 ? name(vector) : Text.hex(vector);
        return Finding.of(why.code(), "delivering vector " + name + ": " + why.text(), why.hint());
    }

    private Finding operand(Raised raised, Instruction insn) {
        if (cpu.cpl == 3 && raised.registersAsThen() && !insn.memory()) {
            return Finding.of(
                    "privileged-instruction", "executing a privileged instruction at CPL 3", "");
        }
        if (!insn.memory() || !raised.registersAsThen()) {
            return Finding.of("exception", "", "");
        }
        long address = Scene.operandAddress(cpu, insn, raised.rip());
        if (!cpu.control.canonical(address)) {
            return Finding.of(
                    "non-canonical",
                    "accessing " + Text.hex(address) + ", which is not canonical",
                    "");
        }
        if (address % 16 != 0 && insn.encoding().needsAvxState()
                || address % 16 != 0 && isSse(insn)) {
            return Finding.of(
                    "misaligned",
                    "accessing " + Text.hex(address) + ", which is not aligned to 16 bytes",
                    "Keep the stack aligned to 16 bytes at calls.");
        }
        return Finding.of("exception", "", "");
    }

    private static boolean isSse(Instruction insn) {
        return insn.operation().name().startsWith("MOVAP")
                || insn.operation().name().startsWith("MOVDQA")
                || insn.operation().name().startsWith("FX");
    }

    private Finding msr(Raised raised, boolean write) {
        if (!raised.registersAsThen()) {
            return Finding.of("bad-msr", write ? "writing an MSR" : "reading an MSR", "");
        }
        String number = Text.hex(cpu.regs[Registers.RCX] & 0xFFFF_FFFFL);
        if (cpu.cpl != 0) {
            return Finding.of("privileged-instruction", "accessing an MSR at CPL 3", "");
        }
        long value = cpu.regs[Registers.RDX] << 32 | cpu.regs[Registers.RAX] & 0xFFFF_FFFFL;
        return Finding.of(
                "bad-msr",
                write
                        ? "writing " + Text.hex(value) + " to MSR " + number
                        : "reading MSR " + number + ", which this CPU does not have",
                "");
    }

    private Finding control(Raised raised, Instruction insn) {
        String value = raised.registersAsThen() ? Text.hex(cpu.regs[insn.rm()]) + " " : "a value ";
        return Finding.of(
                "bad-control-register",
                "loading CR"
                        + insn.reg()
                        + " with "
                        + value
                        + "that has reserved bits or forbidden combinations",
                "");
    }

    private Finding selector(Raised raised, Instruction insn) {
        int selector = raised.errorCode() & 0xFFFC;
        if ((raised.errorCode() & ERROR_IDT) != 0) {
            return gate(raised.errorCode() >> 3 & 0xFF);
        }
        if (selector == 0 && raised.vector() == STACK_FAULT) {
            long stack = cpu.regs[Registers.RSP];
            return Finding.of(
                    "rsp-non-canonical",
                    "pushing or popping at RSP "
                            + Text.hex(stack)
                            + (cpu.control.canonical(stack) ? "" : ", which is not canonical"),
                    "");
        }
        if (selector == 0) {
            return Finding.of("exception", "", "");
        }
        String doing = insn == null ? "" : loading(raised.rip()) + ": ";
        Finding why = new SelectorCheck(scene, cpu).asSegment(selector);
        return Finding.of(why.code(), doing + why.text(), why.hint());
    }

    private String loading(long rip) {
        String text = scene.instructionText(cpu, rip);
        if (text.matches("mov [defgs]s,.*|pop [defgs]s")) {
            return "loading " + text.substring(4, 6).toUpperCase(java.util.Locale.ROOT);
        }
        return text.startsWith("ltr") ? "loading TR" : "executing " + text;
    }

    // ---- #UD

    private Finding invalidOpcode(Raised raised, Instruction insn) {
        Finding cut = new TrampolineCheck(scene, cpu).why(raised.rip());
        if (cut != null) {
            return cut;
        }
        if (isZeroed(raised.rip())) {
            return Finding.of("zeroed-code", "executing zero-filled memory", "");
        }
        if (insn == null) {
            return Finding.of(
                    "invalid-opcode",
                    "executing what is no instruction: " + scene.instructionText(cpu, raised.rip()),
                    "");
        }
        if (insn.operation() == Operation.UD2) {
            return Finding.of(
                    "ud2", "executing UD2, which compilers place where code must not come", "");
        }
        String name = scene.instructionText(cpu, raised.rip()).split(" ", 2)[0];
        boolean vex = insn.encoding().needsAvxState();
        if (vex && !cpu.control.cr4(ControlBits.CR4_OSXSAVE)) {
            return missing(name, "CR4.OSXSAVE", ControlBits.CR4_OSXSAVE);
        }
        if (!cpu.control.cr4(ControlBits.CR4_OSFXSR)) {
            return missing(name, "CR4.OSFXSR", ControlBits.CR4_OSFXSR);
        }
        return Finding.of(
                "invalid-opcode", "executing " + name + ", which is not allowed here", "");
    }

    private Finding missing(String name, String bit, long mask) {
        boolean elsewhere = scene.cpus().getFirst().control.cr4(mask) && cpu.index != 0;
        return Finding.of(
                "feature-not-enabled",
                "executing "
                        + name
                        + ", which needs "
                        + bit
                        + "=1"
                        + (elsewhere ? " as on CPU 0" : ""),
                "Set up CR0, CR4 and XCR0 alike on every CPU.");
    }

    /** Whether code stands in a page that is empty from there on. */
    boolean isZeroed(long rip) {
        byte[] code = new byte[(int) Math.min(64, PAGE - rip % PAGE)];
        int length = scene.read(cpu, codeAt(rip), code);
        if (length < code.length) {
            return false;
        }
        for (byte each : code) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }
}
