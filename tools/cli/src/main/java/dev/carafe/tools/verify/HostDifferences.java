package dev.carafe.tools.verify;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a program on this host cannot try, or what differs there for a reason, by the resource
 * {@code host-differences.txt}. Immutable.
 */
final class HostDifferences {
    private static final String TABLE = "host-differences.txt";
    private static final int FIELDS = 3;

    private final Map<Operation, String> skipped = new EnumMap<>(Operation.class);
    private static final int SYSTEM_CALL = 0x80;
    private static final long LAST_SHORT = 0xFFFF;
    private static final long LAST_OFFSET = 0xFFFF_FFFFL;
    private static final long LAST_CANONICAL = 0x7FFF_FFFF_FFFFL;
    private static final long ALIGNMENT_CHECK = 1 << 18;
    private static final int LONGEST_ELEMENT = 256; // XLAT adds AL
    private static final int WIDE = 16;
    private static final int VEX3 = 0xC4;
    private static final int LONG_OPERAND = 1024; // more than any has

    private final Map<String, String> skippedRows = new HashMap<>();
    private final Map<String, String> skippedSizes = new HashMap<>();
    private final Set<Operation> heedRepeat = EnumSet.of(Operation.LOOPE, Operation.LOOPNE);
    private final Set<Operation> plainStacks = EnumSet.noneOf(Operation.class);
    private final Set<Operation> eitherPlain = EnumSet.noneOf(Operation.class);
    private final Set<Operation> unaligned = EnumSet.noneOf(Operation.class);
    private final Set<Operation> leaving = EnumSet.noneOf(Operation.class);
    private final Set<Operation> heed66 = EnumSet.noneOf(Operation.class);
    private final Set<Operation> strings = EnumSet.noneOf(Operation.class);
    private final Map<Operation, List<Adaptation>> adaptations = new EnumMap<>(Operation.class);
    private final Map<Operation, Set<String>> ignored = new EnumMap<>(Operation.class);

    /** A register that keeps only some of its bits before the case is run. */
    private record Adaptation(String what, long mask) {}

    HostDifferences() {
        for (List<String> row : TextTable.read(TABLE, FIELDS)) {
            if (row.get(0).equals("row")) {
                skippedRows.put(row.get(1), row.get(2));
                continue;
            }
            for (String mnemonic : row.get(1).split(" +")) {
                add(row.get(0), operation(mnemonic), row.get(2));
            }
        }
    }

    /** Null for one that this processor does not know yet. */
    static Operation operation(String mnemonic) {
        for (Operation operation : Operation.values()) {
            if (operation.name().equals(mnemonic)) {
                return operation;
            }
        }
        return null;
    }

    private void add(String action, Operation operation, String reason) {
        if (operation == null) {
            return;
        }
        String[] words = action.split(" +");
        switch (words[0]) {
            case "skip" -> skipped.put(operation, reason);
            case "size" -> skippedSizes.put(operation + " " + words[1], reason);
            case "stack" -> plainStacks.add(operation);
            case "unaligned" -> unaligned.add(operation);
            case "either" -> eitherPlain.add(operation);
            case "leaves" -> leaving.add(operation);
            case "near" -> {
                leaving.add(operation);
                heed66.add(operation);
            }
            case "string" -> strings.add(operation);
            case "ignore" -> {
                Set<String> all = ignored.computeIfAbsent(operation, o -> new HashSet<>());
                all.addAll(List.of(words).subList(1, words.length));
            }
            case "mask" ->
                    adaptations
                            .computeIfAbsent(operation, o -> new ArrayList<>())
                            .add(new Adaptation(words[1], Long.parseUnsignedLong(words[2], 16)));
            default -> throw new AssertionError(TABLE + ": action " + action);
        }
    }

    /** Why a case is not run on the host, or null; its state is not looked at. */
    String skips(TestCase test) {
        Instruction insn = test.instruction;
        Operation operation = insn.operation();
        boolean code64 = insn.mode() == CodeMode.CODE64;
        if (heed66.contains(operation) && code64 && hasOperandSizePrefix(test.code)) {
            return "vendors differ in what 66h does before a near branch";
        }
        if (operation == Operation.SYSRET && !code64) {
            return "vendors differ in SYSCALL and SYSRET outside 64-bit code";
        }
        if (!code64 && wideElement(test)) {
            return "vendors differ in VEX.W of VPEXTRD and VPINSRD outside 64-bit code";
        }
        if (heedRepeat.contains(operation) && insn.repeat() != 0) {
            return "AMD's processors let a repeat prefix decide the condition of LOOP";
        }
        if (operation == Operation.INT && insn.immediate() == SYSTEM_CALL) {
            return "enters the host's kernel";
        }
        String reason = skippedRows.getOrDefault(test.encoding.notation(), skipped.get(operation));
        return reason != null ? reason : skippedSizes.get(operation + " " + insn.width().size());
    }

    /** Why no case of an encoding is run, or null. */
    String skipsAlways(Encoding encoding) {
        return skippedRows.getOrDefault(encoding.notation(), skipped.get(encoding.operation()));
    }

    /** Why a case whose state is complete is not run, or null. */
    static String skipsAddress(TestCase test) {
        Instruction insn = test.instruction;
        boolean source = !insn.memory();
        boolean masked = insn.operation().name().contains("MASKMOV");
        long offset =
                source
                        ? Addresses.cut(
                                insn, test.state.registers[implied(insn.operation(), masked)])
                        : Addresses.offset(test);
        if (source && insn.addressSize() == 2 && insn.encoding().operands().isEmpty()) {
            return "no data can be where 16-bit addresses reach";
        }
        long last =
                switch (insn.addressSize()) {
                    case 2 -> LAST_SHORT;
                    case 4 -> LAST_OFFSET;
                    default -> LAST_CANONICAL;
                };
        long linear = source ? offset : Addresses.effective(test);
        boolean atEnd =
                ends(linear, last) || ends(offset, last) || linear < 0 && linear > -LONG_OPERAND;
        if ((masked || !plainOperand(insn)) && atEnd) {
            return "operands of several parts at the end of all addresses";
        }
        if (!plainOperand(insn)
                && insn.segment() == Segments.SS
                && offset != CaseGenerator.canonical(offset)) {
            return "whether misalignment or the address is reported first is not defined";
        }
        boolean based = insn.mode() == CodeMode.CODE64 && insn.segment() >= Segments.FS;
        long[] offsets = source ? new long[] {offset} : Addresses.offsets(test);
        return based && !Arrays.stream(offsets).allMatch(HostDifferences::wholeIsCanonical)
                ? "vendors differ in offsets that are not canonical and become so by the base"
                : null;
    }

    /** From its first to its last byte, without passing the end of all addresses. */
    private static boolean wholeIsCanonical(long offset) {
        long end = offset + LONGEST_ELEMENT;
        return offset == CaseGenerator.canonical(offset)
                && end == CaseGenerator.canonical(end)
                && (offset ^ end) >= 0;
    }

    /** Where an instruction's memory operand has a value for MXCSR, or -1. */
    static int mxcsrIn(Instruction insn) {
        return switch (insn.operation().name()) {
            case "LDMXCSR", "VLDMXCSR" -> 0;
            case "FXRSTOR", "XRSTOR", "XRSTORS" -> 24;
            default -> -1;
        };
    }

    private static boolean hasWideOperand(Instruction insn) {
        for (Operand operand : insn.encoding().operands()) {
            if (operand.size() >= WIDE) {
                return true;
            }
        }
        return false;
    }

    private static boolean plainOperand(Instruction insn) {
        return !insn.encoding().has(Operand.Kind.MEMORY)
                && !insn.encoding().has(Operand.Kind.XMM_OR_MEMORY);
    }

    /** The register that addresses an operand no ModRM byte names. */
    private static int implied(Operation operation, boolean masked) {
        if (operation == Operation.XLAT) {
            return Registers.RBX;
        }
        return masked ? Registers.RDI : Registers.RSI;
    }

    private static boolean ends(long address, long last) {
        return address <= last && address > last - LONG_OPERAND;
    }

    private static boolean wideElement(TestCase test) {
        String name = test.encoding.operation().name();
        boolean element = name.endsWith("PEXTRD") || name.endsWith("PINSRD");
        if (!element || !test.encoding.notation().startsWith("VEX")) {
            return false;
        }
        int at = 0;
        while ((test.code[at] & 0xFF) != VEX3) {
            at++;
        }
        return test.code[at + 2] < 0; // VEX.W is its top bit
    }

    private static boolean hasOperandSizePrefix(byte[] code) {
        for (byte value : code) {
            int prefix = value & 0xFF;
            if (prefix == 0x66) {
                return true;
            }
            boolean other =
                    prefix == 0x67
                            || (prefix & 0xE7) == 0x26
                            || prefix == 0x64
                            || prefix == 0x65
                            || prefix >= 0xF0 && prefix <= 0xF3;
            if (!other) {
                return false;
            }
        }
        return false;
    }

    /** Whether it may go on elsewhere than behind itself. */
    boolean leaves(Operation operation) {
        return leaving.contains(operation);
    }

    /** Whether a repeat prefix makes it many. */
    boolean repeats(Operation operation) {
        return strings.contains(operation);
    }

    /** Whether its stack must not fault. */
    boolean wantsPlainStack(Operation operation) {
        return plainStacks.contains(operation);
    }

    /** Whether one of its two operands, by RSI and RDI, must not fault. */
    boolean wantsPlainOperand(Operation operation) {
        return eitherPlain.contains(operation);
    }

    /** Results that are not compared: names of registers, or {@code memory}. */
    Set<String> ignored(Operation operation) {
        return ignored.getOrDefault(operation, Set.of());
    }

    /** Takes out of a case what would only show that the hosts differ. */
    void adapt(TestCase test) {
        if (wantsPlainStack(test.encoding.operation())
                || unaligned.contains(test.encoding.operation())
                || hasWideOperand(test.instruction)) {
            test.state.rflags &= ~ALIGNMENT_CHECK; // what must be aligned, and to what, differs
        }
        if (test.encoding.operation() == Operation.RET_FAR && test.instruction.immediate() != 0) {
            test.code[test.code.length - 1] = 0; // so that the outer stack's words are there
        }
        for (Adaptation adaptation :
                adaptations.getOrDefault(test.encoding.operation(), List.of())) {
            int register = Names.register(adaptation.what());
            test.state.registers[register] &= adaptation.mask();
        }
    }
}
