/* Results as lines of the Test Anything Protocol, and the end of a test program. */
#ifndef TAP_H
#define TAP_H

#include "format.h"

/* "ok N - text" or "not ok N - text". */
FORMAT_CHECKED(2) void tap_check(bool passed, const char *format, ...);
FORMAT_CHECKED(1) void tap_skip(const char *format, ...);
FORMAT_CHECKED(1) void tap_comment(const char *format, ...);
/* Prints the plan and ends the machine: isa-debug-exit at exit=PORT or 0xF4, status 33 when all passed, else 35. */
__attribute__((noreturn)) void tap_done(void);

#endif
