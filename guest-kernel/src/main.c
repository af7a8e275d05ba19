/*
 * The guest kernel: counts the CPUs, lets each say hello, and powers the machine off.
 *
 * Command line: exit=PORT (end through isa-debug-exit), ap-timeout=MS, test=panic | double-panic | nested-panic | exception.
 */
#include "boot.h"
#include "cmdline.h"
#include "cpu.h"
#include "kernel.h"
#include "log.h"
#include "memory.h"
#include "panic.h"
#include "power.h"
#include "smp.h"
#include "x86.h"

static u32 greeted; /* APs that said hello */

static void hello(const struct cpu *cpu) { log_info("Hello from CPU %u", cpu->processor_id); }

static void ap_main(struct cpu *cpu) {
    hello(cpu);
    __atomic_fetch_add(&greeted, 1, __ATOMIC_RELEASE);
    if (cmdline_is("test", "double-panic")) panic("CPU %u panics as asked", cpu->processor_id);
    halt_forever();
}

static void log_boot(void) {
    u32 revision = boot_base_revision();
    const struct limine_bootloader_info *loader = bootloader_info_request.response;
    if (loader != NULL) log_info("Loaded by %s %s", loader->name, loader->version);
    if (revision == BASE_REVISION_UNKNOWN) log_info("Base revision: %u asked, the loader grants an older one", BASE_REVISION);
    else log_info("Base revision: %u", revision);
    log_info("HHDM at %016lx, %lu MiB of usable memory", hhdm_request.response->offset, memory_usable() >> 20);
}

static void run_asked_test(void) {
    if (cmdline_is("test", "panic") || cmdline_is("test", "nested-panic")) panic("asked for on the command line");
    if (cmdline_is("test", "double-panic")) panic("CPU 0 panics as asked");
    if (cmdline_is("test", "exception")) asm volatile("ud2");
}

__attribute__((noreturn)) void kernel_entry(void) {
    kernel_init();
    log_info("Hello World!");
    log_boot();
    u32 count = smp_cpu_count();
    log_info("CPU Count: %u", count);
    bool complete = smp_start(ap_main);
    hello(&cpus[0]);
    while (complete && __atomic_load_n(&greeted, __ATOMIC_ACQUIRE) != count - 1) pause();
    run_asked_test();
    if (complete) log_info("All %u CPUs are online", count);
    power_end(complete);
}
