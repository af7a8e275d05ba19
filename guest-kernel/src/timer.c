/* The local APIC's timer. SDM Vol. 3A, "APIC Timer", "TSC-Deadline Mode". */
#include "timer.h"

#include "hotplug.h"
#include "irq.h"
#include "lapic.h"
#include "lock.h"
#include "log.h"
#include "percpu.h"
#include "pit.h"
#include "time.h"
#include "x86.h"

#define CPUID_1_ECX_TSC_DEADLINE (1U << 24)
#define CALIBRATION_US 5000
#define TRIES 3
#define AGREEMENT_PERCENT 2
#define MOST_MEASUREMENTS 20
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

struct pair {
    u64 pit, timer;
    u64 doubt; /* TSC cycles between the two readings */
};

/* Both clocks as near together as they can be read: of some tries the quickest, for a host may take the CPU away in between. */
static struct pair read_both(void) {
    struct pair best = {.doubt = ~0UL};
    for (u32 i = 0; i < TRIES; i++) {
        u64 before = rdtsc();
        u32 pit = pit_counter_read();
        u32 timer = lapic_read(LAPIC_CURRENT_COUNT);
        u64 doubt = rdtsc() - before;
        if (doubt < best.doubt) best = (struct pair){pit, LONGEST_COUNT - timer, doubt};
    }
    return best;
}

/* Counts per second in one measurement; wrong where the host was away for longer than the 8254 counts. */
static u64 measure(void) {
    lapic_write(LAPIC_INITIAL_COUNT, LONGEST_COUNT);
    pit_counter_start();
    struct pair begin = read_both(), end;
    do {
        end = read_both();
    } while (end.pit - begin.pit < PIT_HZ / (1000000 / CALIBRATION_US));
    lapic_write(LAPIC_INITIAL_COUNT, 0);
    return (end.timer - begin.timer) * PIT_HZ / (end.pit - begin.pit);
}

static bool agree(u64 a, u64 b) { return a != 0 && (a > b ? a - b : b - a) < a / 100 * AGREEMENT_PERCENT; }

/* Until two measurements in a row agree. */
void timer_calibrate(void) {
    irq_set_handler(VECTOR_TIMER, on_tick);
    IRQ_GUARD();
    lapic_write(LAPIC_DIVIDE, DIVIDE_BY_16);
    lapic_write(LAPIC_LVT_TIMER, LVT_MASKED | VECTOR_TIMER);
    u64 before = measure();
    rate = measure();
    for (u32 i = 0; i < MOST_MEASUREMENTS && !agree(rate, before); i++) {
        before = rate;
        rate = measure();
    }
    if (!agree(rate, before)) log_error("[CPU] the timer's rate is uncertain: %lu Hz and %lu Hz measured", before, rate);
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
