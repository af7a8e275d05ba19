/* The processors. Limine PROTOCOL.md, "MP (Multiprocessor) Feature"; SDM Vol. 3A, "MP Initialization Protocol Algorithm". */
#include "smp.h"

#include "boot.h"
#include "cmdline.h"
#include "lapic.h"
#include "log.h"
#include "madt.h"
#include "panic.h"
#include "sipi.h"
#include "time.h"
#include "x86.h"

#define LIMINE_TIMEOUT_MS 20000 /* generous: an emulator may run 255 CPUs on two cores */
#define SIPI_TIMEOUT_MS 2000    /* for each */

static void (*entered)(struct cpu *);     /* written before APs start */
static u32 cpu_count;                     /* likewise; 0: not discovered yet */
static u32 online_count;                  /* atomic */
static struct cpu_mask online;            /* atomic */

/* One more processor by its APIC id; the BSP is cpus[0] whatever its place in the list. */
static void add(u32 lapic_id, u32 processor_id, bool is_bsp) {
    if (!is_bsp && cpu_count == MAX_CPUS) return;
    struct cpu *cpu = is_bsp ? &cpus[0] : &cpus[cpu_count++];
    cpu->index = (u32)(cpu - cpus);
    cpu->lapic_id = lapic_id;
    cpu->processor_id = processor_id;
    if (!is_bsp) cpu->state = CPU_PRESENT;
}

static void discover(void) {
    const struct limine_mp *mp = mp_request.response;
    cpu_count = 1;
    for (u32 i = 0; mp != NULL && i < mp->cpu_count; i++) {
        add(mp->cpus[i]->lapic_id, mp->cpus[i]->processor_id, mp->cpus[i]->lapic_id == mp->bsp_lapic_id);
    }
    const struct madt *madt = madt_get();
    u32 bsp = initial_apic_id();
    for (u32 i = 0; i < madt->cpu_count; i++) {
        bool known = false;
        for (u32 k = 0; mp != NULL && k < cpu_count; k++) known |= cpus[k].lapic_id == madt->cpus[i].apic_id;
        if (!known) add(madt->cpus[i].apic_id, madt->cpus[i].uid, madt->cpus[i].apic_id == bsp);
    }
}

u32 smp_cpu_count(void) {
    if (cpu_count == 0) discover();
    return cpu_count;
}

u32 smp_online_count(void) { return __atomic_load_n(&online_count, __ATOMIC_ACQUIRE); }
const struct cpu_mask *smp_online_mask(void) { return &online; }
bool smp_uses_sipi(void) { return mp_request.response == NULL || cmdline_is("ap", "sipi"); }

void smp_join(struct cpu *cpu) {
    cpu->online_since = rdtsc();
    cpu_mask_add(&online, cpu->index);
    __atomic_store_n(&cpu->state, CPU_ONLINE, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&online_count, 1, __ATOMIC_SEQ_CST);
}

void smp_leave(struct cpu *cpu, enum cpu_state state) {
    cpu_mask_remove(&online, cpu->index);
    if (__atomic_exchange_n(&cpu->state, state, __ATOMIC_SEQ_CST) == CPU_ONLINE) {
        __atomic_fetch_sub(&online_count, 1, __ATOMIC_SEQ_CST);
    }
}

bool smp_take_out(u32 cpu) {
    u32 expected = CPU_ONLINE;
    if (!__atomic_compare_exchange_n(&cpus[cpu].state, &expected, CPU_LEAVING, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) return false;
    cpu_mask_remove(&online, cpu);
    __atomic_fetch_sub(&online_count, 1, __ATOMIC_SEQ_CST);
    return true;
}

/* First C code of an AP, whichever way it came, on a stack of its own. */
static void arrive(struct cpu *cpu) {
    u32 expected = CPU_STARTING;
    cpu_init(cpu);
    cpu->job = NULL; /* of an earlier life */
    if (!__atomic_compare_exchange_n(&cpu->state, &expected, CPU_ARRIVED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) halt_forever();
    cpu->start_cycles = rdtsc() - cpu->start_cycles;
    entered(cpu);
    panic("the main function of CPU %u returned", cpu->index);
}

/* The loader jumps here with a stack of its own making and RDI pointing to the CPU's entry. */
static __attribute__((noreturn)) void limine_entry(struct limine_mp_info *info) {
    struct cpu *cpu = (struct cpu *)info->extra_argument;
    if (cpu == NULL) halt_forever(); /* the BSP, were it sent to its own goto_address */
    arrive(cpu);
    halt_forever();
}

static struct cpu *by_lapic_id(u32 lapic_id) {
    for (u32 i = 0; i < smp_cpu_count(); i++) {
        if (cpus[i].lapic_id == lapic_id) return &cpus[i];
    }
    return NULL;
}

static void release_parked(void) {
    struct limine_mp *mp = mp_request.response;
    for (u32 i = 0; i < mp->cpu_count; i++) {
        struct limine_mp_info *info = mp->cpus[i];
        bool is_bsp = info->lapic_id == mp->bsp_lapic_id;
        struct cpu *cpu = by_lapic_id(info->lapic_id);
        if (cpu == NULL) continue; /* more than MAX_CPUS */
        if (!is_bsp) __atomic_store_n(&cpu->state, CPU_STARTING, __ATOMIC_RELEASE);
        if (!is_bsp) cpu->start_cycles = rdtsc();
        info->extra_argument = is_bsp ? 0 : (u64)cpu;
        __atomic_store_n(&info->goto_address, (u64)limine_entry, __ATOMIC_RELEASE); /* the BSP's own: nothing must happen */
    }
}

static bool has_arrived(const struct cpu *cpu) {
    u32 state = __atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE);
    return state == CPU_ARRIVED || state == CPU_ONLINE;
}

static void start_by_limine(u32 count) {
    release_parked();
    struct patience patience = patience_us(cmdline_number("ap-timeout", LIMINE_TIMEOUT_MS) * 1000);
    for (u32 i = 1; i < count; i++) {
        while (cpus[i].state != CPU_PRESENT && !has_arrived(&cpus[i]) && !patience_ends(&patience)) pause();
    }
}

/* Those that the loader parked leave its memory first, for the trampoline may come to lie there. */
static void start_by_sipi(u32 count) {
    for (u32 i = 1; i < count; i++) lapic_ipi(cpus[i].lapic_id, ICR_INIT | ICR_ASSERT);
    u64 timeout_us = cmdline_number("ap-timeout", SIPI_TIMEOUT_MS) * 1000;
    for (u32 i = 1; i < count; i++) sipi_start(&cpus[i], arrive, timeout_us);
}

static bool name_missing(u32 count) {
    bool complete = true;
    for (u32 i = 1; i < count; i++) {
        u32 expected = CPU_STARTING; /* who comes later finds its state changed, and halts */
        __atomic_compare_exchange_n(&cpus[i].state, &expected, CPU_DEAD, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
        if (has_arrived(&cpus[i])) continue;
        log_error("CPU %u with APIC id %u did not come up", cpus[i].processor_id, cpus[i].lapic_id);
        cpus[i].state = CPU_DEAD;
        complete = false;
    }
    return complete;
}

bool smp_start(void (*ap_main)(struct cpu *)) {
    tsc_hz(); /* measured before the others disturb */
    entered = ap_main;
    u32 count = smp_cpu_count();
    for (u32 i = 1; i < count; i++) cpu_give_stacks(&cpus[i]);
    if (smp_uses_sipi()) start_by_sipi(count);
    else start_by_limine(count);
    return name_missing(count);
}

bool smp_restart(u32 index) {
    struct cpu *cpu = &cpus[index];
    if (index == 0 || index >= smp_cpu_count()) return false;
    if (cpu->state != CPU_OFFLINE && cpu->state != CPU_DEAD) return false;
    if (!sipi_start(cpu, arrive, SIPI_TIMEOUT_MS * 1000)) return false;
    return WAIT_UNTIL(cpu_is_online(index), SIPI_TIMEOUT_MS * 1000);
}

bool smp_wait_online(u32 count, u64 timeout_us) {
    return WAIT_UNTIL(smp_online_count() >= count, timeout_us);
}
