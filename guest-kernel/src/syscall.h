/* The way into the kernel that user code asks for. syscall_numbers.h has the calls. */
#ifndef SYSCALL_H
#define SYSCALL_H

#include "trap.h"

/* Lets INT 80h in; once. */
void syscall_init(void);
/* Sets this CPU's MSRs for SYSCALL and SYSRET. */
void syscall_cpu_init(void);
/* The lines of debug=syscall. */
void syscall_set_debug(bool on);
/* For syscall_entry.S, interrupts off on both sides; true where SYSRET may be the way back. */
bool syscall_from_user(struct trap_frame *frame);

#endif
