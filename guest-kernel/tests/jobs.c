#include "jobs.h"

#include "kernel.h"
#include "lapic.h"
#include "panic.h"
#include "smp.h"
#include "time.h"
#include "trap.h"
#include "x86.h"

#define JOB_TIMEOUT_US 60000000

static void on_wake(struct trap_frame *frame) {
    (void)frame;
    lapic_eoi();
}

/* STI takes effect after the next instruction, so a wake-up cannot slip in between the look and the HLT (SDM Vol. 2, STI). */
static void ap_loop(struct cpu *cpu) {
    lapic_enable();
    for (;;) {
        cli();
        void (*job)(void *) = __atomic_load_n(&cpu->job, __ATOMIC_ACQUIRE);
        if (job == NULL) {
            sti_hlt();
            continue;
        }
        job(cpu->job_argument);
        __atomic_store_n(&cpu->job, NULL, __ATOMIC_RELEASE);
    }
}

u32 jobs_start(void) {
    lapic_map();
    lapic_enable();
    trap_set_handler(JOB_WAKE_VECTOR, on_wake);
    if (!smp_start(ap_loop)) panic("not all CPUs came up");
    return smp_cpu_count();
}

void job_give(u32 cpu, void (*job)(void *), void *argument) {
    cpus[cpu].job_argument = argument;
    __atomic_store_n(&cpus[cpu].job, job, __ATOMIC_SEQ_CST);
    lapic_ipi(cpus[cpu].lapic_id, ICR_FIXED | ICR_ASSERT | JOB_WAKE_VECTOR);
}

bool job_wait(u32 cpu) {
    u64 deadline = deadline_us(JOB_TIMEOUT_US);
    while (__atomic_load_n(&cpus[cpu].job, __ATOMIC_ACQUIRE) != NULL) {
        if (deadline_passed(deadline)) return false;
        pause();
    }
    return true;
}

bool jobs_run(u32 count, void (*job)(void *), void *arguments, size_t argument_size) {
    for (u32 i = 1; i < count; i++) job_give(i, job, (u8 *)arguments + i * argument_size);
    job(arguments);
    bool complete = true;
    for (u32 i = 1; i < count; i++) complete &= job_wait(i);
    return complete;
}
