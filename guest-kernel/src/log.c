/* Whole lines on COM1, one CPU at a time: a line is formatted first and sent under the lock. */
#include "log.h"

#include "serial.h"
#include "lock.h"
#include "string.h"

#define LINE_SIZE 256
#define PANIC_ATTEMPTS 10000000

static struct spinlock lock = SPINLOCK("log", RANK_LOG); /* guards COM1 */
static bool alone; /* written by the CPU that panics, when all others stand still */

static size_t compose(char *line, const char *prefix, const char *format, va_list arguments) {
    size_t length = strlen(prefix);
    memcpy(line, prefix, length);
    length += format_va(line + length, LINE_SIZE - 1 - length, format, arguments);
    line[length++] = '\n';
    return length;
}

#define LOG_FUNCTION(name, prefix)                                                                 \
    void name(const char *format, ...) {                                                           \
        char line[LINE_SIZE];                                                                      \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        size_t length = compose(line, prefix, format, arguments);                                  \
        va_end(arguments);                                                                         \
        u64 flags = spin_lock(&lock);                                                              \
        serial_write(line, length);                                                                \
        spin_unlock(&lock, flags);                                                                 \
    }

LOG_FUNCTION(log_info, "INFO  ")
LOG_FUNCTION(log_error, "ERROR ")
LOG_FUNCTION(print_line, "")

/* Who held the lock will not come back: its half line is ended, and nobody is waited for any more. */
void log_alone(void) {
    if (__atomic_load_n(&lock.next, __ATOMIC_ACQUIRE) != __atomic_load_n(&lock.serving, __ATOMIC_ACQUIRE)) serial_write("\n", 1);
    alone = true;
}

void log_panic(const char *format, ...) {
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    size_t length = compose(line, "ERROR ", format, arguments);
    va_end(arguments);
    bool locked = !alone && spin_lock_bounded(&lock, PANIC_ATTEMPTS);
    serial_write(line, length);
    if (locked) spin_unlock(&lock, 0);
}

void print(const char *format, ...) {
    char text[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    size_t length = format_va(text, sizeof text, format, arguments);
    va_end(arguments);
    serial_write(text, length);
}
