package dev.carafe.core.isa;

import java.util.List;

/**
 * One row of the opcode tables.
 *
 * @param id its number, dense from 0 in table order
 * @param operation what it does
 * @param operands in the manual's order, the destination first
 * @param kinds a bit for the kind of each operand: it is asked for at every decoding
 * @param lockable whether LOCK is allowed with a memory destination
 * @param notation the row's text, for messages and tests
 */
public record Encoding(
        int id,
        Operation operation,
        List<Operand> operands,
        long kinds,
        boolean lockable,
        String notation) {
    private static final long VECTORS =
            Operand.Kind.XMM.bit() | Operand.Kind.XMM_OR_MEMORY.bit() | Operand.Kind.XMM_VEX.bit();
    private static final long MMX = Operand.Kind.MMX.bit() | Operand.Kind.MMX_OR_MEMORY.bit();

    public Encoding(
            int id,
            Operation operation,
            List<Operand> operands,
            boolean lockable,
            String notation) {
        this(id, operation, operands, kinds(operands), lockable, notation);
    }

    /** A bit for each kind that is among the operands. */
    public static long kinds(List<Operand> operands) {
        long kinds = 0;
        for (Operand operand : operands) {
            kinds |= operand.kind().bit();
        }
        return kinds;
    }

    /** Whether some operand is of this kind. */
    public boolean has(Operand.Kind kind) {
        return (kinds & kind.bit()) != 0;
    }

    /** Whether it starts with a VEX prefix. */
    public boolean vex() {
        return notation.startsWith("VEX.");
    }

    /** Whether some operand is a vector register. */
    public boolean hasVectors() {
        return (kinds & VECTORS) != 0;
    }

    /** Whether some operand is an MMX register, or would be if it did not lie in memory. */
    public boolean hasMmx() {
        return (kinds & MMX) != 0;
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
