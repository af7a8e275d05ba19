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

    /** Whether it starts with a VEX prefix. */
    public boolean vex() {
        return notation.startsWith("VEX.");
    }

    /** Whether some operand is a vector register. */
    public boolean hasVectors() {
        return has(Operand.Kind.XMM)
                || has(Operand.Kind.XMM_OR_MEMORY)
                || has(Operand.Kind.XMM_VEX);
    }

    /** Whether some operand is an MMX register, or would be if it did not lie in memory. */
    public boolean hasMmx() {
        return has(Operand.Kind.MMX) || has(Operand.Kind.MMX_OR_MEMORY);
    }

    /**
     * Whether it belongs to AVX and so needs the operating system's leave; the VEX-encoded
     * instructions on general registers do not.
     */
    public boolean needsAvxState() {
        return vex()
                && (hasVectors()
                        || !has(Operand.Kind.VEX_REGISTER)
                                && !has(Operand.Kind.REGISTER_OR_MEMORY));
    }

    /** MOV r64, imm64: the only immediate of 64 bits. */
    public boolean hasWideImmediate(int operandSize) {
        return operandSize == Long.BYTES
                && has(Operand.Kind.OPCODE_REGISTER)
                && has(Operand.Kind.IMMEDIATE);
    }
}
