/*
 * Starts the application processors itself, with INIT and start-up IPIs. SDM Vol. 3A, "MP Initialization Protocol Algorithm",
 * "Typical AP Initialization Sequence". The loader is not asked for MP, so it leaves the APs waiting.
 * Command line: timeout=MS for each AP (1000), absent=APIC-ID (one that the MADT does not name).
 */
#include "cmdline.h"
#include "cpu.h"
#include "kernel.h"
#include "lapic.h"
#include "log.h"
#include "madt.h"
#include "memory.h"
#include "paging.h"
#include "pit.h"
#include "tap.h"
#include "trampoline.h"
#include "time.h"
#include "x86.h"

#define INIT_WAIT_US 10000
#define FIRST_SIPI_WAIT_US 200
#define DEFAULT_TIMEOUT_MS 1000
#define AP_STACK_PAGES 4

static u32 online_apic_ids[MAX_CPUS]; /* each written by its AP */
static u32 online = 1;                /* the BSP */
static const struct madt *madt;

static bool is_online(u32 before) { return __atomic_load_n(&online, __ATOMIC_ACQUIRE) != before; }

/* First C code of an AP, in long mode on the kernel's page tables. */
static void ap_main(void *argument) {
    struct cpu *cpu = argument;
    cpu_init(cpu);
    lapic_enable();
    online_apic_ids[cpu->index] = lapic_id();
    log_info("AP %u is in long mode, APIC id %u, CR0=%lx EFER=%lx", cpu->index, lapic_id(), read_cr0(), rdmsr(MSR_EFER));
    __atomic_fetch_add(&online, 1, __ATOMIC_RELEASE);
    halt_forever();
}

static bool wait_online(u32 before, u64 microseconds) {
    u64 deadline = deadline_us(microseconds);
    while (!is_online(before) && !deadline_passed(deadline)) pause();
    return is_online(before);
}

static bool start(u32 apic_id, u8 vector, struct cpu *cpu) {
    u32 before = online;
    cpu->lapic_id = apic_id;
    trampoline_aim((u64)pages_alloc(AP_STACK_PAGES) + AP_STACK_PAGES * PAGE_SIZE, ap_main, cpu);
    lapic_ipi(apic_id, ICR_INIT | ICR_ASSERT);
    pit_wait_us(INIT_WAIT_US);
    lapic_ipi(apic_id, ICR_STARTUP | ICR_ASSERT | vector);
    if (wait_online(before, FIRST_SIPI_WAIT_US)) return true;
    lapic_ipi(apic_id, ICR_STARTUP | ICR_ASSERT | vector); /* ignored by an AP that already runs */
    if (wait_online(before, cmdline_number("timeout", DEFAULT_TIMEOUT_MS) * 1000)) return true;
    log_error("CPU with APIC id %u did not answer", apic_id);
    return false;
}

static bool named_in_madt(u32 apic_id) {
    for (u32 i = 0; i < madt->cpu_count; i++) {
        if (madt->cpus[i].apic_id == apic_id) return true;
    }
    return false;
}

static void test_absent(u8 vector) {
    u64 absent = cmdline_number("absent", 0xFE); /* 0xFF would be the broadcast */
    if (named_in_madt((u32)absent) || cpus[MAX_CPUS - 1].self != NULL) {
        tap_skip("APIC id %lu is taken", absent);
        return;
    }
    tap_check(!start((u32)absent, vector, &cpus[MAX_CPUS - 1]), "an absent CPU, APIC id %lu, does not answer", absent);
}

__attribute__((noreturn)) void kernel_entry(void) {
    kernel_init();
    lapic_map();
    lapic_enable();
    tsc_hz();
    madt = madt_get();
    tap_check(madt->found && madt->cpu_count > 0, "the MADT names %u enabled CPUs", madt->cpu_count);
    tap_check(named_in_madt(lapic_id()), "the bootstrap processor's APIC id %u is among them", lapic_id());
    u8 vector = trampoline_install();
    u32 started = 1;
    for (u32 i = 0; i < madt->cpu_count && started < MAX_CPUS; i++) {
        if (madt->cpus[i].apic_id == lapic_id()) continue;
        struct cpu *cpu = &cpus[started];
        if (!start(madt->cpus[i].apic_id, vector, cpu)) {
            tap_check(false, "CPU with APIC id %u starts", madt->cpus[i].apic_id);
            continue;
        }
        tap_check(online_apic_ids[started] == madt->cpus[i].apic_id, "CPU with APIC id %u starts and reads that id", madt->cpus[i].apic_id);
        started++;
    }
    test_absent(vector);
    print_line("[SMP] SMP initialization complete: %u CPUs online", __atomic_load_n(&online, __ATOMIC_ACQUIRE));
    tap_check(online == madt->cpu_count, "%u of %u CPUs are online", online, madt->cpu_count);
    tap_done();
}
