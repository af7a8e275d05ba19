package dev.carafe.core.weave;

/** How a woven handler computes the address of its memory operand. */
enum Addressing {
    /** No memory operand. */
    NONE,
    /** Base + index × scale + displacement + FS or GS base, in 64-bit code. */
    PLAIN,
    /** Any other combination, with the checks of segmentation. */
    CHECKED,
    /** moffs: the offset fills word 1. */
    OFFSET
}
