/*
 * The guest kernel. Without a word on the command line it counts the CPUs, lets each say hello, and powers the machine off.
 *
 * Command line: tests=all | NAME,NAME (the suite), run=PROGRAM arg=TEXT, shell, prof (the profiler's table at the end),
 * ap=limine | sipi, apic=xapic, debug=cpu,sched,syscall, exit=PORT (end through isa-debug-exit), ap-timeout=MS, test=panic | double-panic | nested-panic | exception | lock-order.
 */
#include "boot.h"
#include "cmdline.h"
#include "ipi.h"
#include "irq.h"
#include "kernel.h"
#include "lapic.h"
#include "lock.h"
#include "log.h"
#include "memory.h"
#include "nmi.h"
#include "panic.h"
#include "power.h"
#include "process.h"
#include "prof.h"
#include "protect.h"
#include "sched.h"
#include "serial_input.h"
#include "shell.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "timer.h"
#include "topology.h"
#include "work.h"
#include "x86.h"

#define ONLINE_TIMEOUT_US 20000000
#define DEFAULT_EXIT_PORT 0xF4

static u32 greeted; /* APs that said hello; atomic */

static void hello(const struct cpu *cpu) { log_info("Hello from CPU %u", cpu->processor_id); }

/* What each CPU does for itself, after the boot CPU has done what is done once. */
static void own_init(struct cpu *cpu) {
    protect_cpu_init();
    lapic_cpu_init(cpu->processor_id);
    topology_check_self(cpu);
    ipi_cpu_init(cpu);
    smp_join(cpu);
}

static void ap_main(struct cpu *cpu) {
    own_init(cpu);
    if (__atomic_load_n(&greeted, __ATOMIC_ACQUIRE) < smp_cpu_count() - 1) {
        hello(cpu);
        __atomic_fetch_add(&greeted, 1, __ATOMIC_RELEASE);
    }
    if (cmdline_is("test", "double-panic")) panic("CPU %u panics as asked", cpu->processor_id);
    if (sched_started()) sched_cpu_main();
    work_idle_loop();
}

static void log_boot(void) {
    u32 revision = boot_base_revision();
    const struct limine_bootloader_info *loader = bootloader_info_request.response;
    if (loader != NULL) log_info("Loaded by %s %s", loader->name, loader->version);
    if (revision == BASE_REVISION_UNKNOWN) log_info("Base revision: %u asked, the loader grants an older one", BASE_REVISION);
    else log_info("Base revision: %u", revision);
    log_info("HHDM at %016lx, %lu MiB of usable memory", hhdm_request.response->offset, memory_usable() >> 20);
}

/* For kernel-debug.elf, which must notice. */
static void break_lock_order(void) {
    static struct spinlock low = SPINLOCK("low", RANK_HOTPLUG), high = SPINLOCK("high", RANK_RUNQUEUE);
    u64 outer = spin_lock(&high);
    u64 inner = spin_lock(&low);
    spin_unlock(&low, inner);
    spin_unlock(&high, outer);
}

static void run_asked_test(void) {
    if (cmdline_is("test", "panic") || cmdline_is("test", "nested-panic")) panic("asked for on the command line");
    if (cmdline_is("test", "double-panic")) panic("CPU 0 panics as asked");
    if (cmdline_is("test", "exception")) asm volatile("ud2");
    if (cmdline_is("test", "lock-order")) break_lock_order();
}

/* What is done once, before any other CPU runs. */
static void global_init(void) {
    lapic_map();
    irq_init();
    ipi_init();
    nmi_init();
    topology_discover();
    own_init(&cpus[0]);
    timer_calibrate();
    serial_input_init(0);
}

static bool start_others(u32 count) {
    bool complete = smp_start(ap_main) && smp_wait_online(count, ONLINE_TIMEOUT_US);
    hello(&cpus[0]);
    while (complete && __atomic_load_n(&greeted, __ATOMIC_ACQUIRE) != count - 1) pause();
    topology_report();
    log_info("[SMP] SMP initialization complete: %u CPUs online", smp_online_count());
    return complete;
}

static void begin_profile(void) {
    if (cmdline_has("prof")) prof_enable(true);
}

static void end_profile(void) {
    if (cmdline_has("prof")) prof_print();
}

static void run_scheduled_tests(void *unused) {
    (void)unused;
    begin_profile();
    suite_run_below(UINT32_MAX);
    end_profile();
    bool passed = suite_end();
    cli();
    outb((u16)cmdline_number("exit", DEFAULT_EXIT_PORT), passed ? 0x10 : 0x11);
    power_end(passed);
}

static __attribute__((noreturn)) void run_suite(void) {
    sti();
    suite_begin();
    suite_run_below(SUITE_SCHEDULED);
    cli();
    sched_start(run_scheduled_tests, NULL);
}

/* run=PROGRAM: a user program with arg=TEXT. */
static void run_program(void *unused) {
    (void)unused;
    char name[TASK_NAME_SIZE], argument[64] = "";
    cmdline_text("run", name, sizeof name);
    cmdline_text("arg", argument, sizeof argument);
    begin_profile();
    i64 status = process_run(name, argument);
    end_profile();
    log_info("%s ended with status %ld", name, status);
    power_end(status == 0);
}

static bool asked(const char *name) {
    char text[8];
    return cmdline_text(name, text, sizeof text);
}

__attribute__((noreturn)) void kernel_entry(void) {
    kernel_init();
    log_info("Hello World!");
    log_boot();
    global_init();
    u32 count = smp_cpu_count();
    log_info("CPU Count: %u", count);
    bool complete = start_others(count);
    run_asked_test();
    if (complete) log_info("All %u CPUs are online", count);
    if (suite_asked()) run_suite();
    if (asked("run")) sched_start(run_program, NULL);
    if (cmdline_has("shell")) sched_start(shell_run, NULL);
    power_end(complete);
}
