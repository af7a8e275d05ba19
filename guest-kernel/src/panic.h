/* The end of the kernel when it cannot go on. */
#ifndef PANIC_H
#define PANIC_H

#include "format.h"

struct trap_frame;

__attribute__((noreturn)) FORMAT_CHECKED(1) void panic(const char *format, ...);
/* The same for a CPU that was interrupted there: prints the frame's registers and callers. */
__attribute__((noreturn)) FORMAT_CHECKED(2) void panic_at(const struct trap_frame *frame, const char *format, ...);
/* How other CPUs are stopped, and how they are told of; nothing before it is set. */
void panic_set_stopper(void (*stop)(void), void (*report)(void));

#endif
