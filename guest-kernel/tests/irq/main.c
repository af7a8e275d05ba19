/* Interrupts, exceptions and privilege. Command line: only=NAME (see the table), exit=PORT. */
#include "cmdline.h"
#include "irq.h"
#include "jobs.h"
#include "kernel.h"

u32 cpu_count;

static const struct {
    const char *name;
    void (*run)(void);
} subjects[] = {
    {"faults", test_faults},       {"pagefaults", test_page_faults}, {"doublefault", test_double_fault},
    {"timer", test_lapic_timer},   {"ipi", test_ipi},                {"external", test_external},
    {"uart", test_uart},           {"hlt", test_hlt},                {"code", test_code_changes},
    {"user", test_user_mode},      {"x2apic", test_x2apic}, /* last: there is no easy way back */
};

__attribute__((noreturn)) void kernel_entry(void) {
    kernel_init();
    cpu_count = jobs_start();
    cli();
    char only[16];
    bool all = !cmdline_text("only", only, sizeof only);
    for (u32 i = 0; i < ARRAY_LENGTH(subjects); i++) {
        if (!all && !cmdline_is("only", subjects[i].name)) continue;
        tap_comment("%s", subjects[i].name);
        subjects[i].run();
    }
    tap_done();
}
