package dev.carafe.core.cpu;

/**
 * Why the instruction boundary that comes next takes no interrupt (SDM Vol. 3A, "Masking Exceptions
 * and Interrupts When Switching Stacks").
 */
public enum InterruptShadow {
    NONE,
    /** After STI that set IF: interrupts wait, and NMI does too (SDM Vol. 2, STI, permits both). */
    STI,
    /** After MOV SS or POP SS: interrupts, NMI and debug traps wait. */
    MOV_SS
}
