package dev.carafe.core.isa.decode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Rows by map and opcode; those that accept least come first. Immutable, shared by all decoders of
 * a machine.
 */
public final class OpcodeIndex {
    private static final int OPCODES = 256;
    private static final OpcodeRow[] NO_ROWS = {};

    private final OpcodeRow[][] candidates = new OpcodeRow[OpcodeRow.MAPS * OPCODES][];

    OpcodeIndex(List<OpcodeRow> rows, Predicate<String> hasFeature) {
        Arrays.fill(candidates, NO_ROWS);
        Map<String, Boolean> known = new HashMap<>(); // many rows need the same
        known.put("", true);
        for (OpcodeRow row : rows) {
            Boolean has = known.get(row.feature);
            if (has == null) {
                has = hasAll(row.feature, hasFeature);
                known.put(row.feature, has);
            }
            if (has) {
                for (int i = 0; i < row.opcodes(); i++) {
                    int place = row.map * OPCODES + row.opcode + i;
                    candidates[place] = with(candidates[place], row);
                }
            }
        }
    }

    private static boolean hasAll(String features, Predicate<String> hasFeature) {
        for (String feature : features.split("\\+")) {
            if (!hasFeature.test(feature)) {
                return false;
            }
        }
        return true;
    }

    private static OpcodeRow[] with(OpcodeRow[] rows, OpcodeRow added) {
        int place = rows.length;
        while (place > 0 && rows[place - 1].breadth() > added.breadth()) {
            place--;
        }
        OpcodeRow[] result = new OpcodeRow[rows.length + 1];
        System.arraycopy(rows, 0, result, 0, place);
        result[place] = added;
        System.arraycopy(rows, place, result, place + 1, rows.length - place);
        return result;
    }

    /** In the order they must be tried; not to be changed. */
    OpcodeRow[] candidates(int map, int opcode) {
        return candidates[map * OPCODES + opcode];
    }
}
