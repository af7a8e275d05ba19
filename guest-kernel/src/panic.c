/*
 * The first CPU to panic stops the others by NMI, prints its own registers and callers, and then theirs, each once. A CPU that
 * panics meanwhile halts and is told of like the others; a panic inside a panic halts quietly, so that a fault in here cannot
 * recurse for ever. Afterwards "exit=PORT" leaves through isa-debug-exit with a failure code.
 */
#include "panic.h"

#include "backtrace.h"
#include "cmdline.h"
#include "log.h"
#include "percpu.h"
#include "power.h"
#include "x86.h"

#define NOBODY (-1)

static int owner = NOBODY;         /* index of the CPU that panicked first; atomic */
static void (*stop_others)(void);   /* written by the BSP before it starts others */
static void (*report_others)(void); /* likewise */

void panic_set_stopper(void (*stop)(void), void (*report)(void)) {
    stop_others = stop;
    report_others = report;
}

static int become_owner(void) {
    cli();
    int me = (int)cpu_identify();
    int expected = NOBODY;
    if (__atomic_compare_exchange_n(&owner, &expected, me, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return me;
    if (expected == me) power_debug_exit(false); /* a panic inside our own panic: no more words */
    halt_forever();
}

static __attribute__((noreturn)) void finish(int me, const struct trap_frame *frame, const char *format, va_list arguments) {
    char text[200];
    format_va(text, sizeof text, format, arguments);
    if (stop_others != NULL) {
        stop_others();
        log_alone();
    }
    log_panic("KERNEL PANIC on CPU %d: %s", me, text);
    if (cmdline_is("test", "nested-panic")) panic("the panic handler panics");
    if (frame != NULL) {
        backtrace_registers(frame);
        backtrace_print(frame->rip, frame->rbp);
    } else {
        backtrace_print((u64)__builtin_return_address(0), (u64)__builtin_frame_address(0));
    }
    if (report_others != NULL) report_others();
    power_debug_exit(false);
    log_panic("halted");
    halt_forever();
}

void panic_at(const struct trap_frame *frame, const char *format, ...) {
    int me = become_owner();
    va_list arguments;
    va_start(arguments, format);
    finish(me, frame, format, arguments);
}

void panic(const char *format, ...) {
    int me = become_owner();
    va_list arguments;
    va_start(arguments, format);
    finish(me, NULL, format, arguments);
}
