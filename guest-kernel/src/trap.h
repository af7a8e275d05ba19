/* Exceptions and interrupts. SDM Vol. 3A, "Interrupt and Exception Handling", "64-Bit Mode Stack Frame". */
#ifndef TRAP_H
#define TRAP_H

#include "types.h"

enum vector {
    VECTOR_DE = 0,
    VECTOR_DB = 1,
    VECTOR_NMI = 2,
    VECTOR_BP = 3,
    VECTOR_UD = 6,
    VECTOR_NM = 7,
    VECTOR_DF = 8,
    VECTOR_NP = 11,
    VECTOR_SS = 12,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
    VECTOR_MC = 18,
    EXCEPTION_COUNT = 32,
    VECTOR_COUNT = 256,
};

/* As trap_entry.S and the processor leave it on the stack. */
struct trap_frame {
    u64 r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax;
    u64 vector, error;
    u64 rip, cs, rflags, rsp, ss;
};

typedef void (*trap_handler)(struct trap_frame *frame);

/* Fills the IDT that all CPUs share; once. */
void trap_init(void);
void trap_load_idt(void);
/* NULL removes it: an exception then ends in a panic, an interrupt is acknowledged and counted as unexpected. */
void trap_set_handler(u8 vector, trap_handler handler);
/* For a handler that cannot help: the panic that a vector without handler ends in. */
__attribute__((noreturn)) void trap_fatal(const struct trap_frame *frame);
/* Lets ring 3 call the vector by INT n. */
void trap_allow_user(u8 vector);

#endif
