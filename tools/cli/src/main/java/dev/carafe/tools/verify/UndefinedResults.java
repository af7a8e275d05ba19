package dev.carafe.tools.verify;

import dev.carafe.core.isa.Instruction;
import dev.carafe.core.isa.Operand;
import dev.carafe.core.isa.Operation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the manual leaves undefined, by the resource {@code undefined-results.txt}. Immutable. */
final class UndefinedResults {
    private static final String TABLE = "undefined-results.txt";
    private static final int FIELDS = 4;
    private static final int ZF = 1 << 6;
    private static final String DESTINATION = "destination";

    private record Rule(String when, int flags, boolean destination) {}

    private final Map<Operation, List<Rule>> rules = new EnumMap<>(Operation.class);

    UndefinedResults() {
        for (List<String> row : TextTable.read(TABLE, FIELDS)) {
            int flags = 0;
            boolean destination = false;
            for (String what : row.get(2).split(" +")) {
                if (what.equals(DESTINATION)) {
                    destination = true;
                } else {
                    flags |= Names.flag(what);
                }
            }
            for (String mnemonic : row.get(0).split(" +")) {
                Operation operation = HostDifferences.operation(mnemonic);
                if (operation != null) {
                    rules.computeIfAbsent(operation, o -> new ArrayList<>())
                            .add(new Rule(row.get(1), flags, destination));
                }
            }
        }
    }

    /** The flags that may have any value after a case that raised no exception. */
    int flags(TestCase test, Result host) {
        int flags = 0;
        for (Rule rule : rules.getOrDefault(test.encoding.operation(), List.of())) {
            if (applies(rule.when, test, host)) {
                flags |= rule.flags;
            }
        }
        return flags;
    }

    /** Whether the destination may have any value. */
    boolean destination(TestCase test, Result host) {
        for (Rule rule : rules.getOrDefault(test.encoding.operation(), List.of())) {
            if (rule.destination && applies(rule.when, test, host)) {
                return true;
            }
        }
        return false;
    }

    private static boolean applies(String when, TestCase test, Result host) {
        int bits = test.instruction.width().bits();
        int count = count(test.instruction, test) & (bits == 64 ? 63 : 31);
        return switch (when) {
            case "always" -> true;
            case "ZF set" -> (host.state.rflags & ZF) != 0;
            case "count not 0" -> count != 0;
            case "count over 1" -> count > 1;
            case "count not 1" -> count != 1;
            case "count from size" -> count >= bits;
            case "count over size" -> count > bits;
            default -> throw new AssertionError(TABLE + ": condition " + when);
        };
    }

    /** Of a shift or rotation: its last operand. */
    private static int count(Instruction insn, TestCase test) {
        List<Operand> operands = insn.encoding().operands();
        if (operands.isEmpty()) {
            return 0;
        }
        return switch (operands.getLast().kind()) {
            case FIXED -> (int) test.state.registers[operands.getLast().register()];
            case IMMEDIATE -> (int) insn.immediate();
            default -> 1;
        };
    }
}
