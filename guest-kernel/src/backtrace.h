/* Registers and the chain of callers, for the panic path: takes no lock, trusts no pointer. */
#ifndef BACKTRACE_H
#define BACKTRACE_H

#include "trap.h"

void backtrace_registers(const struct trap_frame *frame);
/* The function at rip, then those that the frame pointers lead to. */
void backtrace_print(u64 rip, u64 rbp);

#endif
