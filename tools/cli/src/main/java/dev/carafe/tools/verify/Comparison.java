package dev.carafe.tools.verify;

import dev.carafe.core.fault.ExceptionVector;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Finds what differs between the host's result and the emulated one. Used by one thread. */
final class Comparison {
    private static final long COMPARED_FLAGS = 0x24_4DD5L; // status, TF, DF, NT, AC, ID
    private static final int PRESENT = 1; // of a page fault's error code
    private static final long KERNEL = 0x7FFF_FFFF_F000L; // the end of what Linux gives programs
    private static final int EXCEPTION_SUMMARY = 1 << 7; // of the x87 status word
    private static final int SMALLEST_LIMIT = 0xFFFF; // of the segments that are alike
    private static final int TOP = 7 << 11;
    private static final int ROUNDED_UP = 1 << 9; // C1
    private static final int UNDERFLOW = 1 << 4;
    private static final int EXPONENT = 0x7FFF;
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final int NULL_SELECTORS = 4;
    private static final int MXCSR_MASK = 28; // in an FXSAVE image, with the size of
    private static final int[] SELECTORS = {0, 2, 3, 4, 5};

    private final UndefinedResults undefined;
    private final HostDifferences differences;
    private final List<String> found = new ArrayList<>();

    // The case that is being compared.
    private Set<String> ignored = Set.of();
    private int ignoredRegister;
    private boolean ignoresMemory;
    private long registerMask;

    Comparison(UndefinedResults undefined, HostDifferences differences) {
        this.undefined = undefined;
        this.differences = differences;
    }

    /** One line for each difference; empty when there is none. */
    List<String> differences(TestCase test, Result host, Result emulated) {
        found.clear();
        ignored = differences.ignored(test.encoding.operation());
        registerMask = test.code32 ? LOW_32 : -1L;
        ignoredRegister = -1;
        ignoresMemory = ignored.contains("memory");
        long flags = COMPARED_FLAGS;
        boolean executed =
                host.ending == Result.Ending.EXECUTED || host.vector == ExceptionVector.DEBUG;
        if (executed) {
            flags &= ~undefined.flags(test, host);
            if (undefined.destination(test, host)) {
                ignoreDestination(test.instruction);
            }
        }
        if (ignored.contains("processor-number") && executed) {
            ignoreNumber(test.instruction, host.state);
        }
        endings(test, host, emulated);
        if (found.isEmpty() || host.ending == emulated.ending) {
            registers(test, host.state, emulated.state, flags);
            if (executed || !ignored.contains("x87-at-fault")) {
                x87(host.state, emulated.state);
            }
            if (!ignored.contains("vectors")) {
                vectors(host.state, emulated.state);
            }
            if (ignored.contains("mask")) {
                equalizeMask(test, host, emulated);
            }
            if (!ignoresMemory) {
                memory(host, emulated);
            }
        }
        return found;
    }

    /** MXCSR_MASK in an FXSAVE image tells of the processor. */
    private static void equalizeMask(TestCase test, Result host, Result here) {
        int offset = Layout.dataOffset(Addresses.effective(test) + MXCSR_MASK);
        int from = position(host, offset);
        int to = position(here, offset);
        if (from >= 0 && to >= 0) {
            System.arraycopy(host.blocks, from, here.blocks, to, Integer.BYTES);
        }
    }

    private static int position(Result result, int offset) {
        for (int i = 0; i < result.blockCount; i++) {
            if (offset >= 0 && result.blockOffsets[i] == (offset & -Layout.BLOCK)) {
                return i * Layout.BLOCK + (offset & Layout.BLOCK - 1);
            }
        }
        return -1;
    }

    /** Linux keeps the processor's number in the limit of a segment, which LSL reads. */
    private void ignoreNumber(Instruction insn, ProcessorState host) {
        long mask = insn.width().size() == 2 ? 0xFFFF : LOW_32;
        if ((host.registers[insn.reg()] & mask) < SMALLEST_LIMIT) {
            ignoredRegister = insn.reg();
        }
    }

    private void ignoreDestination(Instruction insn) {
        Operand.Kind kind = insn.encoding().operands().getFirst().kind();
        if (kind == Operand.Kind.REGISTER) {
            ignoredRegister = insn.reg();
        } else if (insn.memory()) {
            ignoresMemory = true;
        } else {
            ignoredRegister = insn.rm();
        }
    }

    private void endings(TestCase test, Result host, Result emulated) {
        if (host.ending != emulated.ending) {
            found.add("ends: host %s, here %s".formatted(ending(host), ending(emulated)));
            return;
        }
        long mask = registerMask;
        if (host.ending == Result.Ending.EXECUTED) {
            difference("RIP", test.rip() + test.code.length & mask, emulated.rip & mask);
            return;
        }
        if (host.vector != emulated.vector) {
            found.add("exception: host %s, here %s".formatted(ending(host), ending(emulated)));
            return;
        }
        difference("RIP in frame", host.rip & mask, emulated.rip & mask);
        long here = emulated.errorCode;
        if (host.vector == ExceptionVector.PAGE_FAULT) {
            if (!ignored.contains("CR2")) {
                difference("CR2", host.cr2, emulated.cr2);
            }
            // Linux shows programs every fault in its own half as a violation.
            here |= Long.compareUnsigned(host.cr2, KERNEL) >= 0 ? PRESENT : 0;
        }
        if (!ignored.contains("error-code")) {
            difference("error code", host.errorCode, here);
        }
    }

    static String ending(Result result) {
        return switch (result.ending) {
            case EXECUTED -> "no exception";
            case HUNG -> "no end";
            case EXCEPTION ->
                    "%s(%X) CR2 %X"
                            .formatted(
                                    ExceptionVector.name(result.vector),
                                    result.errorCode,
                                    result.vector == ExceptionVector.PAGE_FAULT ? result.cr2 : 0);
        };
    }

    private void registers(TestCase test, ProcessorState host, ProcessorState here, long flags) {
        int count = test.code32 ? 8 : ProcessorState.GENERAL;
        for (int i = 0; i < count; i++) {
            if (i != ignoredRegister && !ignored.contains(Names.register(i))) {
                difference(
                        Names.register(i),
                        host.registers[i] & registerMask,
                        here.registers[i] & registerMask);
            }
        }
        if ((host.rflags & flags) != (here.rflags & flags)) {
            found.add(
                    "RFLAGS: host %s, here %s"
                            .formatted(
                                    Names.flags(host.rflags & flags),
                                    Names.flags(here.rflags & flags)));
        }
        if (!test.code32) {
            difference("FS.base", host.fsBase, here.fsBase);
            difference("GS.base", host.gsBase, here.gsBase);
        }
        for (int segment : SELECTORS) {
            // The host's kernel turns null selectors of every privilege into 0 as it returns.
            int expected = host.selectors[segment];
            int got = here.selectors[segment];
            difference(
                    Names.selector(segment),
                    expected < NULL_SELECTORS ? 0 : expected,
                    got < NULL_SELECTORS ? 0 : got);
        }
    }

    private void x87(ProcessorState host, ProcessorState here) {
        difference("FCW", host.controlWord, here.controlWord);
        boolean anyTop = ignored.contains("TOP");
        boolean close = ignored.contains("ulp");
        int statusMask = anyTop ? ~TOP : close ? ~ROUNDED_UP : -1;
        if (close && (host.signExponents[0] & EXPONENT) == 0) {
            statusMask &= ~UNDERFLOW; // whether a tiny result is exact depends on the last bit
        }
        difference("FSW", host.statusWord & statusMask, here.statusWord & statusMask);
        difference("FTW", host.tags, here.tags);
        boolean pointers = !ignored.contains("pointers");
        if (pointers
                && (host.statusWord & EXCEPTION_SUMMARY)
                        != 0) { // AMD's keep the pointers only then
            difference("FOP", host.opcode, here.opcode);
            difference("FIP", host.instructionPointer, here.instructionPointer);
            difference("FDP", host.dataPointer, here.dataPointer);
        }
        for (int i = 0; i < ProcessorState.X87 && !anyTop; i++) {
            if (!(close ? neighbours(host, here, i) : same(host, here, i))) {
                found.add(
                        "ST%d: host %04X.%016X, here %04X.%016X"
                                .formatted(
                                        i,
                                        host.signExponents[i],
                                        host.significands[i],
                                        here.signExponents[i],
                                        here.significands[i]));
            }
        }
    }

    private static boolean same(ProcessorState host, ProcessorState here, int i) {
        return host.significands[i] == here.significands[i]
                && host.signExponents[i] == here.signExponents[i];
    }

    /** Whether two numbers are the same or differ in the last place, also across a power of two. */
    private static boolean neighbours(ProcessorState host, ProcessorState here, int i) {
        int exponents = host.signExponents[i] - here.signExponents[i];
        long distance = host.significands[i] - here.significands[i];
        return exponents == 0 && Math.abs(distance) <= 1
                || exponents == 1 && distance == Long.MIN_VALUE + 1
                || exponents == -1 && distance == Long.MAX_VALUE;
    }

    private void vectors(ProcessorState host, ProcessorState here) {
        difference("MXCSR", host.mxcsr, here.mxcsr);
        if (Arrays.equals(host.vectors, here.vectors)) {
            return;
        }
        for (int i = 0; i < ProcessorState.VECTORS; i++) {
            String expected = vector(host, i);
            String got = vector(here, i);
            if (!expected.equals(got)) {
                found.add("YMM%d: host %s, here %s".formatted(i, expected, got));
            }
        }
    }

    static String vector(ProcessorState state, int number) {
        StringBuilder text = new StringBuilder();
        for (int i = ProcessorState.VECTOR_LONGS - 1; i >= 0; i--) {
            long part = state.vectors[number * ProcessorState.VECTOR_LONGS + i];
            text.append(text.isEmpty() ? "" : "_").append("%016X".formatted(part));
        }
        return text.toString();
    }

    private void memory(Result host, Result here) {
        int i = 0;
        int j = 0;
        while (i < host.blockCount || j < here.blockCount) {
            int left = i < host.blockCount ? host.blockOffsets[i] : Integer.MAX_VALUE;
            int right = j < here.blockCount ? here.blockOffsets[j] : Integer.MAX_VALUE;
            boolean both = left == right;
            if (!both
                    || Arrays.mismatch(
                                    host.blocks,
                                    i * Layout.BLOCK,
                                    (i + 1) * Layout.BLOCK,
                                    here.blocks,
                                    j * Layout.BLOCK,
                                    (j + 1) * Layout.BLOCK)
                            >= 0) {
                found.add(
                        "memory at %X: host %s, here %s"
                                .formatted(
                                        Layout.dataAddress(Math.min(left, right)),
                                        left <= right ? block(host, i) : "unchanged",
                                        right <= left ? block(here, j) : "unchanged"));
            }
            i += left <= right ? 1 : 0;
            j += right <= left ? 1 : 0;
        }
    }

    private static String block(Result result, int index) {
        int at = index * Layout.BLOCK;
        return HexFormat.of().formatHex(result.blocks, at, at + Layout.BLOCK);
    }

    private void difference(String what, long host, long here) {
        if (host != here) {
            found.add("%s: host %X, here %X".formatted(what, host, here));
        }
    }
}
