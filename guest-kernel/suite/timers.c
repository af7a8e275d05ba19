/* The local APIC timers of all processors, in every mode. SDM Vol. 3A, "APIC Timer", "TSC-Deadline Mode". */
#include "timer.h"

#include "ipi.h"
#include "irq.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "work.h"
#include "x86.h"

#define PATIENCE_US 3000000
#define HZ 200
#define TICKS 20
#define SHOT_US 5000

static bool ticked(u64 target) {
    return WAIT_UNTIL(__atomic_load_n(&this_cpu()->timer_ticks, __ATOMIC_ACQUIRE) >= target, PATIENCE_US);
}

/* Ticks may come late on a busy host, never early: so many take at least their time, but for the first. */
static void periodic_job(void *argument) {
    (void)argument;
    struct cpu *cpu = this_cpu();
    u64 before = cpu->timer_ticks, begin = rdtsc();
    timer_periodic(HZ);
    bool reached = ticked(before + TICKS);
    u64 took = rdtsc() - begin;
    timer_stop();
    TEST_CHECK(reached, "CPU %u ticked %lu times of %u", cpu->index, cpu->timer_ticks - before, TICKS);
    u64 least = tsc_hz() / HZ * (TICKS - 2);
    TEST_CHECK(took >= least, "CPU %u: %u ticks took %lu cycles, less than %lu", cpu->index, TICKS, took, least);
}

SUITE_TEST(timer_periodic, 50, "every processor's periodic timer ticks, and not too fast") {
    TEST_CHECK(timer_hz() > 100000, "the timer counts at %lu Hz", timer_hz());
    TEST_CHECK(work_run_all(periodic_job, NULL, 0), "a CPU did not finish");
    u64 ticks = this_cpu()->timer_ticks;
    wait_us(3 * 1000000 / HZ);
    TEST_CHECK(this_cpu()->timer_ticks == ticks, "a stopped timer ticks on");
}

static void one_shot_job(void *argument) {
    (void)argument;
    struct cpu *cpu = this_cpu();
    u64 before = cpu->timer_ticks, begin = rdtsc();
    timer_one_shot_us(SHOT_US);
    bool fired = ticked(before + 1);
    u64 took = rdtsc() - begin;
    wait_us(2 * SHOT_US);
    timer_stop();
    TEST_CHECK(fired && cpu->timer_ticks == before + 1, "CPU %u fired %lu times", cpu->index, cpu->timer_ticks - before);
    u64 least = tsc_hz() / 1000000 * SHOT_US / 10 * 8;
    TEST_CHECK(took >= least, "CPU %u: after %lu cycles, before %lu", cpu->index, took, least);
}

SUITE_TEST(timer_one_shot, 51, "every processor's one-shot timer fires once, and not too early") {
    TEST_CHECK(work_run_all(one_shot_job, NULL, 0), "a CPU did not finish");
}

static void deadline_job(void *argument) {
    (void)argument;
    struct cpu *cpu = this_cpu();
    u64 before = cpu->timer_ticks, target = rdtsc() + tsc_hz() / 200;
    timer_deadline(target);
    bool fired = ticked(before + 1);
    TEST_CHECK(fired && (i64)(rdtsc() - target) >= 0, "CPU %u fired %lu times", cpu->index, cpu->timer_ticks - before);
    TEST_CHECK(rdmsr(MSR_TSC_DEADLINE) == 0, "CPU %u: the deadline is still armed", cpu->index);
    timer_stop();
}

SUITE_TEST(timer_deadline, 52, "every processor's TSC-deadline timer fires, not before its time") {
    if (!timer_has_deadline_mode()) {
        test_skip("the processor has no TSC-deadline mode");
        return;
    }
    TEST_CHECK(work_run_all(deadline_job, NULL, 0), "a CPU did not finish");
}

static u64 stamps[MAX_CPUS];

static void stamp(void *argument) {
    (void)argument;
    stamps[this_cpu()->index] = rdtsc();
}

SUITE_TEST(tsc_order, 53, "the time-stamp counters of all processors are one clock") {
    FOR_EACH_ONLINE_CPU(i) {
        u64 before = rdtsc();
        ipi_call(i, stamp, NULL);
        u64 after = rdtsc();
        TEST_CHECK((i64)(stamps[i] - before) >= 0 && (i64)(after - stamps[i]) >= 0, "CPU %u reads %lu, not in %lu to %lu", i, stamps[i],
                   before, after);
    }
}

SUITE_TEST(patience, 55, "time in which the host took the processor away does not count when another is waited for") {
    struct patience patience = patience_us(20 * PATIENCE_STEP_US);
    wait_us(30 * PATIENCE_STEP_US); /* to who only looks before and behind it, like a halt of this processor */
    TEST_CHECK(!patience_ends(&patience), "it ended after one look");
    u64 begin = rdtsc();
    while (!patience_ends(&patience)) pause();
    TEST_CHECK(rdtsc() - begin >= tsc_hz() / 1000000 * 18 * PATIENCE_STEP_US, "it ended too early");
}
