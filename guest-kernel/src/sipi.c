/* INIT and start-up IPIs. SDM Vol. 3A, "MP Initialization Protocol Algorithm", "Typical AP Initialization Sequence". */
#include "sipi.h"

#include "lapic.h"
#include "lock.h"
#include "stack.h"
#include "time.h"
#include "trampoline.h"
#include "twin.h"
#include "x86.h"

#define INIT_WAIT_US 10000
#define FIRST_SIPI_WAIT_US 200

static struct mutex one_at_a_time; /* guards the trampoline page */

void sipi_reset(u32 lapic_id) {
    lapic_ipi(lapic_id, ICR_INIT | ICR_ASSERT);
    wait_us(INIT_WAIT_US);
}

static bool answers(struct cpu *cpu, u64 microseconds) {
    return WAIT_UNTIL(__atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE) != CPU_STARTING, microseconds);
}

/* The second start-up IPI is ignored by a processor that runs already; some need it, says the manual. */
static bool start(struct cpu *cpu, u8 page, u64 timeout_us) {
    lapic_ipi(cpu->lapic_id, ICR_STARTUP | ICR_ASSERT | page);
    if (answers(cpu, FIRST_SIPI_WAIT_US)) return true;
    lapic_ipi(cpu->lapic_id, ICR_STARTUP | ICR_ASSERT | page);
    return answers(cpu, timeout_us);
}

bool sipi_start(struct cpu *cpu, void (*entry)(struct cpu *), u64 timeout_us) {
    mutex_lock(&one_at_a_time);
    if (twin(SHARED_STACK) && cpus[1].boot_stack != 0) cpu->boot_stack = cpus[1].boot_stack;
    if (cpu->boot_stack == 0) cpu->boot_stack = stack_alloc();
    sipi_reset(cpu->lapic_id); /* before the trampoline is there: it may be parked in that very page */
    u8 page = trampoline_install();
    trampoline_aim(cpu->boot_stack, (void (*)(void *))(void (*)(void))entry, cpu);
    __atomic_store_n(&cpu->state, CPU_STARTING, __ATOMIC_RELEASE);
    cpu->start_cycles = rdtsc();
    bool started = start(cpu, page, timeout_us);
    /* Late is as bad as never: who comes now finds its state changed and stops. */
    u32 expected = CPU_STARTING;
    if (!started && __atomic_compare_exchange_n(&cpu->state, &expected, CPU_DEAD, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        sipi_reset(cpu->lapic_id);
    }
    mutex_unlock(&one_at_a_time);
    return started;
}
