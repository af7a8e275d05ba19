package dev.carafe.core.weave;

/** How a woven handler reaches one operand. */
enum Access {
    /** General register A of the record. */
    A,
    /** General register B of the record. */
    B,
    /** General register C of the record: VEX.vvvv. */
    C,
    /** Memory at the record's address. */
    MEMORY,
    /** The record's immediate, cut to the operand's width. */
    IMMEDIATE,
    /** All of word 1. */
    WIDE_IMMEDIATE,
    /** CL of the shift group. */
    CL,
    /** LEA: the address itself. */
    EFFECTIVE_ADDRESS,
    /** Vector register B. */
    XMM_B,
    /** Vector register A. */
    XMM_A,
    /** Vector register C: VEX.vvvv. */
    XMM_C,
    /** A vector operand in memory. */
    XMM_MEMORY,
    /** MMX register A. */
    MMX_A,
    /** MMX register B. */
    MMX_B
}
