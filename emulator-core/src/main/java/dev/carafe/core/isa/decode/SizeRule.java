package dev.carafe.core.isa.decode;

/**
 * How a row's operand size follows from code mode and prefixes. The letters are those of SDM Vol.
 * 2, "Opcode Map", "Superscripts Utilized in Opcode Tables" and "Codes for Operand Type", as far as
 * it has one.
 */
enum SizeRule {
    /** Default of the code, 66h switches, REX.W makes 64. */
    PREFIXES,
    /** d64: in 64-bit code 64, or 16 with 66h. */
    DEFAULT_64,
    /** f64: in 64-bit code always 64. */
    FORCED_64,
    /** N: 64 in 64-bit code, otherwise 32, whatever the prefixes. */
    NATURAL,
    /** y: 64 with REX.W, otherwise 32; 66h does not count. */
    DOUBLE_OR_QUAD,
    /** z: as the prefixes say, but 32 in place of 64. */
    WORD_OR_DOUBLE,
    /** The general operands have 8 bits. */
    BYTE;

    private static final SizeRule[] ALL = values();

    static SizeRule of(int ordinal) {
        return ALL[ordinal];
    }
}
