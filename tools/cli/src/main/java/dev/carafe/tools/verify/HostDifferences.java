package dev.carafe.tools.verify;

import dev.carafe.core.isa.CodeMode;
import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
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
    private final Set<Operation> leaving = EnumSet.noneOf(Operation.class);
    private final Set<Operation> heed66 = EnumSet.noneOf(Operation.class);
    private final Set<Operation> strings = EnumSet.noneOf(Operation.class);
    private final Map<Operation, List<Adaptation>> adaptations = new EnumMap<>(Operation.class);
    private final Map<Operation, Set<String>> ignored = new EnumMap<>(Operation.class);

    /** A register that keeps only some of its bits before the case is run. */
    private record Adaptation(String what, long mask) {}

    HostDifferences() {
        for (List<String> row : TextTable.read(TABLE, FIELDS)) {
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
            case "leaves" -> leaving.add(operation);
            case "near" -> {
                leaving.add(operation);
                heed66.add(operation);
            }
            case "string" -> strings.add(operation);
            case "ignore" -> {
                Set<String> all =
                        ignored.computeIfAbsent(operation, o -> new java.util.HashSet<>());
                all.addAll(List.of(words).subList(1, words.length));
            }
            case "mask" ->
                    adaptations
                            .computeIfAbsent(operation, o -> new ArrayList<>())
                            .add(new Adaptation(words[1], Long.parseUnsignedLong(words[2], 16)));
            default -> throw new AssertionError(TABLE + ": action " + action);
        }
    }

    /** Why an instruction is not run on the host, or null. */
    String skips(Instruction insn, byte[] code) {
        if (heed66.contains(insn.operation())
                && insn.mode() == CodeMode.CODE64
                && hasOperandSizePrefix(code)) {
            return "vendors differ in what 66h does before a near branch";
        }
        String reason = skipped.get(insn.operation());
        if (reason != null) {
            return reason;
        }
        boolean systemCall = insn.operation() == Operation.INT && insn.immediate() == 0x80;
        return systemCall ? "enters the host's kernel" : null;
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

    /** Results that are not compared: names of registers, or {@code memory}. */
    Set<String> ignored(Operation operation) {
        return ignored.getOrDefault(operation, Set.of());
    }

    /** Takes out of a case what would only show that the hosts differ. */
    void adapt(TestCase test) {
        for (Adaptation adaptation :
                adaptations.getOrDefault(test.encoding.operation(), List.of())) {
            int register = Names.register(adaptation.what());
            test.state.registers[register] &= adaptation.mask();
        }
    }
}
