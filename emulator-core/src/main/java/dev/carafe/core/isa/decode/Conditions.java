package dev.carafe.core.isa.decode;

/**
 * The circumstances that choose between rows with the same opcode, as bit sets of equal layout. An
 * instruction has exactly one bit of each group; a row has those it accepts, and matches when it
 * accepts all of the instruction's.
 */
final class Conditions {
    static final int CODE16 = 1;
    static final int CODE32 = 1 << 1;
    static final int CODE64 = 1 << 2;
    static final int MODES = CODE16 | CODE32 | CODE64;

    static final int OPERAND16 = 1 << 3;
    static final int OPERAND32 = 1 << 4;
    static final int OPERAND64 = 1 << 5;
    static final int OPERAND_SIZES = OPERAND16 | OPERAND32 | OPERAND64;

    static final int ADDRESS16 = 1 << 6;
    static final int ADDRESS32 = 1 << 7;
    static final int ADDRESS64 = 1 << 8;
    static final int ADDRESS_SIZES = ADDRESS16 | ADDRESS32 | ADDRESS64;

    static final int MEMORY_FORM = 1 << 9;
    static final int REGISTER_FORM = 1 << 10;
    static final int FORMS = MEMORY_FORM | REGISTER_FORM;

    /** ModRM.reg is 0; the digits 1 to 7 follow. */
    static final int DIGIT_0 = 1 << 11;

    static final int DIGITS = 0xFF << 11;

    static final int NO_PREFIX = 1 << 19;
    static final int PREFIX_66 = 1 << 20;
    static final int PREFIX_F3 = 1 << 21;
    static final int PREFIX_F2 = 1 << 22;
    static final int PREFIXES = NO_PREFIX | PREFIX_66 | PREFIX_F3 | PREFIX_F2;

    static final int W0 = 1 << 23;
    static final int W1 = 1 << 24;
    static final int WIDE = W0 | W1;

    static final int B0 = 1 << 25;
    static final int B1 = 1 << 26;
    static final int EXTENDED = B0 | B1;

    static final int L0 = 1 << 27;
    static final int L1 = 1 << 28;
    static final int LENGTHS = L0 | L1;

    static final int ALL = (1 << 29) - 1;

    private Conditions() {}
}
