#include "libc.h"

#include <stdarg.h>

#define LINE 200
#define THREAD_STACK (16 * PAGE)

void thread_start(void);

void exit(i64 status) {
    system_call(SYS_EXIT, (u64)status, 0, 0);
    for (;;) pause();
}

i64 thread(i64 (*function)(void *), void *argument) {
    u8 *stack = mmap(NULL, THREAD_STACK, MAP_READ | MAP_WRITE);
    if (stack == NULL) return -1;
    u64 start[3] = {(u64)thread_start, (u64)argument, (u64)function};
    return system_call(SYS_THREAD, (u64)start, (u64)(stack + THREAD_STACK), 0);
}

size_t strlen(const char *text) {
    const volatile char *end = text;
    while (*end != 0) end++;
    return (size_t)(end - text);
}

bool equal(const char *a, const char *b) {
    while (*a != 0 && *a == *b) a++, b++;
    return *a == *b;
}

u64 number(const char *text) {
    u64 value = 0;
    for (; *text >= '0' && *text <= '9'; text++) value = value * 10 + (u64)(*text - '0');
    return value;
}

void *memset(void *to, int value, size_t count) {
    void *d = to;
    asm volatile("rep stosb" : "+D"(d), "+c"(count) : "a"(value) : "memory");
    return to;
}

void *memcpy(void *to, const void *from, size_t count) {
    void *d = to;
    asm volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(count) : : "memory");
    return to;
}

static char *put_number(char *at, char *end, u64 value, u64 base) {
    char digits[24];
    int count = 0;
    do digits[count++] = "0123456789abcdef"[value % base];
    while ((value /= base) != 0);
    while (count > 0 && at < end) *at++ = digits[--count];
    return at;
}

void say(const char *format, ...) {
    char line[LINE];
    char *at = line, *end = line + LINE - 1;
    va_list arguments;
    va_start(arguments, format);
    for (; *format != 0 && at < end; format++) {
        if (*format != '%') {
            *at++ = *format;
            continue;
        }
        format++;
        if (*format == 's') {
            for (const char *text = va_arg(arguments, const char *); *text != 0 && at < end;) *at++ = *text++;
        } else if (*format == 'd') {
            i64 value = va_arg(arguments, i64);
            if (value < 0) *at++ = '-';
            at = put_number(at, end, value < 0 ? -(u64)value : (u64)value, 10);
        } else {
            at = put_number(at, end, va_arg(arguments, u64), 16);
        }
    }
    va_end(arguments);
    *at++ = '\n';
    system_call(SYS_WRITE, 1, (u64)line, (u64)(at - line));
}
