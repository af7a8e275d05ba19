/* Whole lines on COM1, one CPU at a time. */
#ifndef LOG_H
#define LOG_H

#include "format.h"

FORMAT_CHECKED(1) void log_info(const char *format, ...);
FORMAT_CHECKED(1) void log_error(const char *format, ...);
/* A line without prefix, under the same lock. */
FORMAT_CHECKED(1) void print_line(const char *format, ...);
/* For the panic path: after a bounded wait writes even though the lock is held, and never waits for ever. */
FORMAT_CHECKED(1) void log_panic(const char *format, ...);
/* All other CPUs stand still: log_panic waits for no lock from now on. */
void log_alone(void);
/* A piece of a line, without lock: for programs that print from one CPU. */
FORMAT_CHECKED(1) void print(const char *format, ...);

#endif
