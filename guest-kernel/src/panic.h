/* The end of the kernel when it cannot go on. */
#ifndef PANIC_H
#define PANIC_H

#include "format.h"

__attribute__((noreturn)) FORMAT_CHECKED(1) void panic(const char *format, ...);

#endif
