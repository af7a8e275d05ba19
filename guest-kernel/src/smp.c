/* Starting the other processors. Limine PROTOCOL.md, "MP (Multiprocessor) Feature". */
#include "smp.h"

#include "boot.h"
#include "cmdline.h"
#include "log.h"
#include "panic.h"
#include "time.h"
#include "x86.h"

#define DEFAULT_TIMEOUT_MS 20000 /* generous: an emulator may run 255 CPUs on two cores */

static void (*entered)(struct cpu *);
static bool online[MAX_CPUS]; /* each written once, by its own CPU */

u32 smp_cpu_count(void) {
    struct limine_mp *mp = mp_request.response;
    if (mp == NULL) return 1;
    return mp->cpu_count > MAX_CPUS ? MAX_CPUS : (u32)mp->cpu_count;
}

/* The loader jumps here with a stack of its own making and RDI pointing to the CPU's entry. */
static __attribute__((noreturn)) void ap_entry(struct limine_mp_info *info) {
    struct cpu *cpu = (struct cpu *)info->extra_argument;
    if (cpu == NULL) panic("the bootstrap processor was sent to its own goto_address");
    cpu_init(cpu);
    __atomic_store_n(&online[cpu->index], true, __ATOMIC_RELEASE);
    entered(cpu);
    panic("the main function of CPU %u returned", cpu->index);
}

static void wait_for_all(u32 count) {
    u64 deadline = deadline_us(cmdline_number("ap-timeout", DEFAULT_TIMEOUT_MS) * 1000);
    for (u32 i = 1; i < count; i++) {
        while (!__atomic_load_n(&online[i], __ATOMIC_ACQUIRE) && !deadline_passed(deadline)) pause();
    }
}

static bool name_missing(u32 count) {
    bool complete = true;
    for (u32 i = 1; i < count; i++) {
        if (__atomic_load_n(&online[i], __ATOMIC_ACQUIRE)) continue;
        log_error("CPU %u with APIC id %u did not come up", cpus[i].processor_id, cpus[i].lapic_id);
        complete = false;
    }
    return complete;
}

bool smp_start(void (*ap_main)(struct cpu *)) {
    struct limine_mp *mp = mp_request.response;
    if (mp == NULL) return true;
    tsc_hz(); /* measured before the others disturb */
    entered = ap_main;
    u32 count = smp_cpu_count();
    u32 next = 1;
    for (u32 i = 0; i < count; i++) {
        struct limine_mp_info *info = mp->cpus[i];
        bool is_bsp = info->lapic_id == mp->bsp_lapic_id;
        struct cpu *cpu = is_bsp ? &cpus[0] : &cpus[next++];
        cpu->processor_id = info->processor_id;
        cpu->lapic_id = info->lapic_id;
        info->extra_argument = is_bsp ? 0 : (u64)cpu;
        __atomic_store_n(&info->goto_address, (u64)ap_entry, __ATOMIC_RELEASE); /* the BSP's own: nothing must happen */
    }
    wait_for_all(count);
    return name_missing(count);
}
