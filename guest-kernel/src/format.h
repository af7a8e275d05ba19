/* printf's idea, reduced: %s %c %d %u %x %%, modifiers 'l', field width and '0'. */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdarg.h>

#include "types.h"

#define FORMAT_CHECKED(format_index) __attribute__((format(printf, format_index, format_index + 1)))

/* Writes at most size-1 characters and a final 0; returns how many characters were written. */
size_t format_va(char *buffer, size_t size, const char *format, va_list arguments);
FORMAT_CHECKED(3) size_t format_text(char *buffer, size_t size, const char *format, ...);

#endif
