package dev.carafe.core.isa.text;

/** How instructions are written. */
public enum Syntax {
    /** The manual's: the destination first, sizes in words. */
    INTEL,
    /** GNU's: the destination last, sizes as suffixes, signs before registers and immediates. */
    ATT
}
