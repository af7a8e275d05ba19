/* The profiler, and the figures that it and the programs measure. */
#include "prof.h"

#include "process.h"
#include "sched.h"
#include "smp.h"
#include "test.h"
#include "x86.h"

#define SWITCHES 2000

static u64 stop; /* atomic */

static void yield_until_stopped(void *unused) {
    (void)unused;
    while (__atomic_load_n(&stop, __ATOMIC_ACQUIRE) == 0) sched_yield();
}

SUITE_TEST(profiler, 150, "probes count while they are on, on all CPUs, and are patched in and out under way") {
    struct task *tasks[MAX_CPUS];
    u32 count = 0;
    __atomic_store_n(&stop, 0, __ATOMIC_RELEASE);
    FOR_EACH_ONLINE_CPU(cpu) tasks[count++] = task_spawn("yielder", yield_until_stopped, NULL);
    for (u32 round = 0; round < 5; round++) {
        u64 before = prof_total(PROF_SCHEDULE);
        prof_enable(true);
        process_run("calls", "");
        prof_enable(false);
        u64 after = prof_total(PROF_SCHEDULE);
        TEST_CHECK(after > before, "no switch was counted");
        sched_sleep_ms(20);
        u64 later = prof_total(PROF_SCHEDULE);
        TEST_CHECK(later == after, "%lu switches were counted although the probes are off", later - after);
    }
    TEST_CHECK(prof_total(PROF_SYSCALL) > 0 && prof_total(PROF_FAULT) > 0 && prof_total(PROF_FILE) > 0, "some probes never counted");
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    for (u32 i = 0; i < count; i++) task_join(tasks[i]);
}

static u32 arrived; /* atomic */

static void yield_often(void *unused) {
    (void)unused;
    __atomic_fetch_add(&arrived, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&arrived, __ATOMIC_ACQUIRE) < 2) sched_yield();
    for (u32 i = 0; i < SWITCHES; i++) sched_yield();
}

/* Two tasks that yield to each other on one CPU; the best of some rounds, for the first ones warm things up. */
static u64 measure_switch(void) {
    u64 best = ~0UL;
    u32 last = 0;
    FOR_EACH_ONLINE_CPU(cpu) last = cpu;
    struct cpu_mask one = cpu_mask_of(last);
    for (u32 round = 0; round < 5; round++) {
        arrived = 0;
        struct task_options options = {.name = "switch", .priority = PRIORITY_HIGH, .allowed = &one};
        struct task *a = task_create(&options, yield_often, NULL), *b = task_create(&options, yield_often, NULL);
        u64 switches = cpus[last].context_switches, begin = rdtsc(); /* before they begin: we may be late ourselves */
        sched_wake(a), sched_wake(b);
        task_join(a), task_join(b);
        u64 cycles = rdtsc() - begin, done = cpus[last].context_switches - switches;
        TEST_CHECK(done >= SWITCHES, "%lu switches", done);
        if (done != 0 && cycles / done < best) best = cycles / done;
    }
    return best;
}

static u64 best_of(const char *what, u32 rounds) {
    i64 best = -1;
    for (u32 round = 0; round < rounds; round++) {
        i64 cycles = process_run("bench", what);
        if (cycles > 0 && (best < 0 || cycles < best)) best = cycles;
    }
    TEST_CHECK(best > 0, "%s was not measured", what);
    return (u64)best;
}

SUITE_TEST(task_figures, 160, "switch, system call, page fault and fork in guest cycles") {
    test_figure("context switch", measure_switch(), "cycles");
    test_figure("system call by SYSCALL", best_of("syscall", 4), "cycles");
    test_figure("system call by INT 80h", best_of("int80", 4), "cycles");
    test_figure("demand-zero page fault", best_of("fault", 4), "cycles");
    test_figure("fork, exit and wait", best_of("fork", 4), "cycles");
}
