/* Chooses a fault by name and lets it happen. */
#include "boot.h"
#include "cmdline.h"
#include "faults.h"
#include "kernel.h"
#include "log.h"
#include "x86.h"

static fault_function ap_function;

static void ap_entry(struct limine_mp_info *info) {
    (void)info;
    ap_function();
    halt_forever();
}

void start_first_ap(fault_function function) {
    struct limine_mp *mp = mp_request.response;
    ap_function = function;
    for (u32 i = 0; i < mp->cpu_count; i++) {
        if (mp->cpus[i]->lapic_id == mp->bsp_lapic_id) continue;
        __atomic_store_n(&mp->cpus[i]->goto_address, (u64)ap_entry, __ATOMIC_RELEASE);
        return;
    }
    log_error("this fault needs a second CPU: -smp 2");
    halt_forever();
}

void on_first_ap(fault_function function) {
    start_first_ap(function);
    for (;;) pause();
}

static void run(const struct fault *faults) {
    for (; faults->name != NULL; faults++) {
        if (cmdline_is("fault", faults->name)) {
            print_line("fault %s", faults->name);
            faults->function();
            halt_forever();
        }
    }
}

__attribute__((noreturn)) void kernel_entry(void) {
    kernel_init();
    run(crash_faults);
    run(hang_faults);
    run(interrupt_faults);
    log_error("fault=NAME on the command line chooses one");
    halt_forever();
}
