package dev.carafe.core.isa;

import java.util.List;

/**
 * One row of the opcode tables.
 *
 * @param id its number, dense from 0 in table order
 * @param operation what it does
 * @param operands in the manual's order, the destination first
 * @param lockable whether LOCK is allowed with a memory destination
 * @param notation the row's text, for messages and tests
 */
public record Encoding(
        int id, Operation operation, List<Operand> operands, boolean lockable, String notation) {
    /** Whether some operand is of this kind. */
    public boolean has(Operand.Kind kind) {
        for (Operand operand : operands) {
            if (operand.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    /** MOV r64, imm64: the only immediate of 64 bits. */
    public boolean hasWideImmediate(int operandSize) {
        return operandSize == Long.BYTES
                && has(Operand.Kind.OPCODE_REGISTER)
                && has(Operand.Kind.IMMEDIATE);
    }
}
