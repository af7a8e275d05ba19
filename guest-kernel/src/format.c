#include "format.h"

#include "string.h"

struct sink {
    char *at;
    char *end; /* the place of the final 0 */
};

static void put(struct sink *sink, char c) {
    if (sink->at < sink->end) *sink->at++ = c;
}

static void put_padded(struct sink *sink, const char *text, size_t length, size_t width, char pad) {
    for (; width > length; width--) put(sink, pad);
    while (length-- > 0) put(sink, *text++);
}

static void put_number(struct sink *sink, u64 value, bool negative, u32 base, size_t width, char pad) {
    char digits[24];
    char *first = digits + sizeof digits;
    do {
        *--first = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    if (negative) *--first = '-';
    put_padded(sink, first, (size_t)(digits + sizeof digits - first), width, pad);
}

size_t format_va(char *buffer, size_t size, const char *format, va_list arguments) {
    struct sink sink = {buffer, buffer + size - 1};
    for (; *format != 0; format++) {
        if (*format != '%') {
            put(&sink, *format);
            continue;
        }
        char pad = ' ';
        size_t width = 0;
        bool is_long = false;
        if (*++format == '0') pad = '0';
        while (*format >= '0' && *format <= '9') width = width * 10 + (size_t)(*format++ - '0');
        while (*format == 'l') is_long = true, format++;
        switch (*format) {
        case 's': {
            const char *text = va_arg(arguments, const char *);
            if (text == NULL) text = "(null)";
            put_padded(&sink, text, strlen(text), width, ' ');
            break;
        }
        case 'c': put(&sink, (char)va_arg(arguments, int)); break;
        case 'd': {
            i64 value = is_long ? va_arg(arguments, long) : va_arg(arguments, int);
            put_number(&sink, value < 0 ? -(u64)value : (u64)value, value < 0, 10, width, pad);
            break;
        }
        case 'u':
        case 'x': {
            u64 value = is_long ? va_arg(arguments, unsigned long) : va_arg(arguments, unsigned);
            put_number(&sink, value, false, *format == 'x' ? 16 : 10, width, pad);
            break;
        }
        case 0: format--; break;
        default: put(&sink, *format); break;
        }
    }
    *sink.at = 0;
    return (size_t)(sink.at - buffer);
}

size_t format_text(char *buffer, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t length = format_va(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}
