package dev.carafe.core.isa.decode;

/** What follows ModRM, SIB and displacement. */
enum ImmediateForm {
    NONE,
    /** ib, zero-extended. */
    BYTE,
    /** ib, sign-extended to the operand size. */
    BYTE_SIGNED,
    /** iw. */
    WORD,
    /** iw ib: ENTER. */
    WORD_BYTE,
    /** iW: 16 or 32 bits; 64-bit operands sign-extend 32. */
    OPERAND_SIZE,
    /** iV: 16, 32 or 64 bits. */
    FULL,
    /** cb. */
    RELATIVE_BYTE,
    /** cW: 16 or 32 bits. */
    RELATIVE,
    /** cp: offset of 16 or 32 bits, then a selector. */
    FAR_POINTER,
    /** mo: an address. */
    OFFSET,
    /**
     * Nothing follows. The eleven bits of opcode and ModRM that an x87 instruction leaves behind as
     * the last instruction opcode take the immediate's place.
     */
    ESCAPE;

    private static final ImmediateForm[] ALL = values();

    static ImmediateForm of(int ordinal) {
        return ALL[ordinal];
    }
}
