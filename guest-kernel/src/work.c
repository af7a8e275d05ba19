#include "work.h"

#include "ipi.h"
#include "smp.h"
#include "time.h"
#include "x86.h"

bool work_give(u32 cpu, void (*function)(void *), void *argument) {
    if (!cpu_is_online(cpu) || __atomic_load_n(&cpus[cpu].job, __ATOMIC_ACQUIRE) != NULL) return false;
    cpus[cpu].job_argument = argument;
    __atomic_store_n(&cpus[cpu].job, function, __ATOMIC_SEQ_CST);
    ipi_send(cpu, IPI_RESCHEDULE); /* out of HLT */
    return true;
}

bool work_wait(u32 cpu, u64 timeout_us) {
    return WAIT_UNTIL(__atomic_load_n(&cpus[cpu].job, __ATOMIC_ACQUIRE) == NULL, timeout_us);
}

#define PATIENCE_US 120000000

bool work_run_all(void (*function)(void *), void *arguments, size_t argument_size) {
    u32 me = cpu_index();
    struct cpu_mask given = {0};
    FOR_EACH_ONLINE_CPU(i) {
        if (i != me && work_give(i, function, (u8 *)arguments + i * argument_size)) cpu_mask_add(&given, i);
    }
    function((u8 *)arguments + me * argument_size);
    bool complete = true;
    for (u32 i = 0; i < smp_cpu_count(); i++) {
        if (cpu_mask_has(&given, i)) complete &= work_wait(i, PATIENCE_US);
    }
    return complete;
}

bool work_poll(void) {
    struct cpu *cpu = this_cpu();
    void (*job)(void *) = __atomic_load_n(&cpu->job, __ATOMIC_ACQUIRE);
    if (job == NULL) return false;
    job(cpu->job_argument);
    __atomic_store_n(&cpu->job, NULL, __ATOMIC_RELEASE);
    return true;
}

/* STI takes effect after the next instruction, so a wake-up cannot slip in between the look and the HLT (SDM Vol. 2, STI). */
void work_idle_loop(void) {
    for (;;) {
        sti();
        if (work_poll()) continue;
        cli();
        if (__atomic_load_n(&this_cpu()->job, __ATOMIC_ACQUIRE) == NULL) sti_hlt();
    }
}
