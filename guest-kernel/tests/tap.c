#include "tap.h"

#include "cmdline.h"
#include "log.h"
#include "power.h"
#include "x86.h"

#define DEFAULT_EXIT_PORT 0xF4

/* All from the BSP. */
static u32 count;
static u32 failures;

#define COMPOSE(text, format)                                                                      \
    char text[200];                                                                                \
    va_list arguments;                                                                             \
    va_start(arguments, format);                                                                   \
    format_va(text, sizeof text, format, arguments);                                               \
    va_end(arguments)

void tap_check(bool passed, const char *format, ...) {
    COMPOSE(text, format);
    count++;
    if (!passed) failures++;
    print_line("%s %u - %s", passed ? "ok" : "not ok", count, text);
}

void tap_skip(const char *format, ...) {
    COMPOSE(text, format);
    print_line("ok %u - # SKIP %s", ++count, text);
}

void tap_comment(const char *format, ...) {
    COMPOSE(text, format);
    print_line("# %s", text);
}

void tap_done(void) {
    print_line("1..%u", count);
    print_line("# %u of %u passed", count - failures, count);
    outb((u16)cmdline_number("exit", DEFAULT_EXIT_PORT), failures == 0 ? 0x10 : 0x11);
    power_off();
    halt_forever();
}
