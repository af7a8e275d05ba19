package dev.carafe.core.isa.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.isa.Encoding;
import dev.carafe.core.isa.Operation;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What must hold for the tables as a whole. */
class OpcodeTablesTest {
    private final OpcodeTables tables = OpcodeTables.loadText();

    @Test
    void everyOperationHasARow() {
        Set<Operation> without = EnumSet.allOf(Operation.class);
        tables.rows().forEach(row -> without.remove(row.operation()));

        assertEquals(Set.of(), without);
    }

    @Test
    void idsAreDense() {
        for (int id = 0; id < tables.rows().size(); id++) {
            assertEquals(id, tables.rows().get(id).id());
        }
        assertEquals(OpcodeTables.INVALID, tables.rows().getFirst());
    }

    /** Rows may overlap only where one is a special case of the other, which then comes first. */
    @Test
    void noTwoRowsClaimTheSameBytes() {
        List<String> clashes = new ArrayList<>();
        OpcodeIndex index = tables.index(feature -> true);
        for (int map = 0; map < OpcodeRow.MAPS; map++) {
            for (int opcode = 0; opcode < 256; opcode++) {
                OpcodeRow[] rows = index.candidates(map, opcode);
                for (int i = 0; i < rows.length; i++) {
                    for (int j = i + 1; j < rows.length; j++) {
                        if (clash(rows[i], rows[j])) {
                            clashes.add(
                                    rows[i].encoding.notation()
                                            + " / "
                                            + rows[j].encoding.notation());
                        }
                    }
                }
            }
        }

        assertEquals(List.of(), clashes);
    }

    private static boolean clash(OpcodeRow first, OpcodeRow second) {
        int both = first.accepts & second.accepts;
        if (first.modRmByte != second.modRmByte || !meets(both)) {
            return false;
        }
        return both != first.accepts || first.accepts == second.accepts;
    }

    /** Whether some instruction satisfies the conditions: each group keeps a member. */
    private static boolean meets(int conditions) {
        int[] groups = {
            Conditions.MODES,
            Conditions.OPERAND_SIZES,
            Conditions.ADDRESS_SIZES,
            Conditions.FORMS,
            Conditions.DIGITS,
            Conditions.PREFIXES,
            Conditions.WIDE,
            Conditions.EXTENDED,
            Conditions.LENGTHS
        };
        for (int group : groups) {
            if ((conditions & group) == 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void rowsOfOneOpcodeAgreeWhetherModRmFollows() {
        OpcodeIndex index = tables.index(feature -> true);
        for (int map = 0; map < OpcodeRow.MAPS; map++) {
            for (int opcode = 0; opcode < 256; opcode++) {
                OpcodeRow[] rows = index.candidates(map, opcode);
                for (OpcodeRow row : rows) {
                    assertEquals(rows[0].modRm, row.modRm, row.encoding.notation());
                }
            }
        }
    }

    @Test
    void theCompactFormHoldsTheSameRows() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tables.write(new DataOutputStream(bytes));
        OpcodeTables copy = OpcodeTables.read(bytes.toByteArray());

        assertEquals(tables.rows(), copy.rows());
        for (int i = 0; i < tables.opcodeRows().size(); i++) {
            assertEquals(
                    tables.opcodeRows().get(i).selection(), copy.opcodeRows().get(i).selection());
        }
    }

    @Test
    void onlyRowsWithAMemoryDestinationAreLockable() {
        for (Encoding row : tables.rows()) {
            if (row.lockable()) {
                String kind = row.operands().getFirst().kind().name();
                assertTrue(kind.endsWith("MEMORY"), row.notation());
            }
        }
    }

    @Test
    void aLineWithAnUnknownMnemonicIsNamedInTheMessage() {
        AssertionError error =
                assertThrows(
                        AssertionError.class, () -> new OpcodeTableReader(1).read("90 FROB r8\n"));

        assertTrue(error.getMessage().contains("FROB"), error.getMessage());
    }
}
