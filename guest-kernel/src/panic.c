/*
 * The first CPU to panic prints; every later panic is quiet, so that a fault inside this file cannot recurse for ever.
 * Afterwards: "exit=PORT" leaves through isa-debug-exit with a failure code, otherwise the CPU halts.
 */
#include "panic.h"

#include "cmdline.h"
#include "cpu.h"
#include "log.h"
#include "power.h"
#include "x86.h"

#define NOBODY (-1)

static int owner = NOBODY; /* index of the CPU that panicked first */

void panic(const char *format, ...) {
    cli();
    int me = (int)cpu_index();
    int expected = NOBODY;
    if (!__atomic_compare_exchange_n(&owner, &expected, me, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        if (expected != me) halt_forever();
        power_debug_exit(false); /* a panic inside our own panic: no more words */
        halt_forever();
    }
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    format_va(text, sizeof text, format, arguments);
    va_end(arguments);
    log_panic("KERNEL PANIC on CPU %d: %s", me, text);
    if (cmdline_is("test", "nested-panic")) panic("the panic handler panics");
    power_debug_exit(false);
    log_panic("halted");
    halt_forever();
}
