/* The local APIC's timer. SDM Vol. 3A, "APIC Timer", "TSC-Deadline Mode". */
#include "timer.h"

#include "calibrate.h"
#include "hotplug.h"
#include "irq.h"
#include "lapic.h"
#include "lock.h"
#include "percpu.h"
#include "x86.h"

#define CPUID_1_ECX_TSC_DEADLINE (1U << 24)
#define LONGEST_COUNT 0xFFFFFFFFU

static u64 rate;             /* counts per second, divided by 16; written by the BSP before it starts others */
static void (*handler)(void); /* atomic; set once */

static void on_tick(struct trap_frame *frame) {
    (void)frame;
    struct cpu *cpu = this_cpu();
    __atomic_store_n(&cpu->timer_ticks, cpu->timer_ticks + 1, __ATOMIC_RELEASE);
    void (*tick)(void) = __atomic_load_n(&handler, __ATOMIC_ACQUIRE);
    if (tick != NULL) tick();
    if (cpu->index == 0) watch_others();
}

static u64 counted(void) { return LONGEST_COUNT - lapic_read(LAPIC_CURRENT_COUNT); }

void timer_calibrate(void) {
    irq_set_handler(VECTOR_TIMER, on_tick);
    IRQ_GUARD();
    lapic_write(LAPIC_DIVIDE, DIVIDE_BY_16);
    lapic_write(LAPIC_LVT_TIMER, LVT_MASKED | VECTOR_TIMER);
    lapic_write(LAPIC_INITIAL_COUNT, LONGEST_COUNT);
    rate = calibrate(counted);
    lapic_write(LAPIC_INITIAL_COUNT, 0);
}

const char *timer_reference(void) { return "PIT channel 2"; }

u64 timer_hz(void) { return rate; }

bool timer_has_deadline_mode(void) { return (cpuid(1, 0).ecx & CPUID_1_ECX_TSC_DEADLINE) != 0; }

static void start(u32 mode, u64 count) {
    if (count == 0) count = 1;
    if (count > LONGEST_COUNT) count = LONGEST_COUNT;
    this_cpu()->timer_hz = rate;
    lapic_write(LAPIC_DIVIDE, DIVIDE_BY_16);
    lapic_write(LAPIC_LVT_TIMER, mode | VECTOR_TIMER);
    lapic_write(LAPIC_INITIAL_COUNT, (u32)count);
}

void timer_periodic(u32 hz) { start(LVT_PERIODIC, rate / hz); }

void timer_one_shot_us(u64 microseconds) { start(0, rate / 1000 * microseconds / 1000); }

void timer_deadline(u64 tsc) {
    lapic_write(LAPIC_LVT_TIMER, LVT_TSC_DEADLINE | VECTOR_TIMER);
    asm volatile("mfence" : : : "memory"); /* xAPIC: the store to the LVT must come before the MSR write */
    wrmsr(MSR_TSC_DEADLINE, tsc);
}

void timer_stop(void) {
    lapic_write(LAPIC_LVT_TIMER, LVT_MASKED | VECTOR_TIMER); /* leaving TSC-deadline mode disarms */
    lapic_write(LAPIC_INITIAL_COUNT, 0);
}

void timer_set_handler(void (*tick)(void)) { __atomic_store_n(&handler, tick, __ATOMIC_RELEASE); }
