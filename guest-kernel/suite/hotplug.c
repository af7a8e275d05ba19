/* Processors that go and come back, and one that dies. */
#include "hotplug.h"

#include "ipi.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "work.h"
#include "x86.h"

#define PATIENCE_US 20000000
#define DEAD_AFTER_MS 1000
#define ROUNDS 3

static void note(void *argument) { __atomic_fetch_add((u32 *)argument, 1, __ATOMIC_RELAXED); }

static bool all_answer(u32 expected) {
    u32 answers = 0;
    return ipi_call_mask(NULL, note, &answers) == expected && answers == expected;
}

static void leave_and_return(u32 cpu) {
    u32 count = smp_online_count();
    u32 ran = 0;
    TEST_REQUIRE(cpu_offline(cpu), "CPU %u does not go", cpu);
    TEST_CHECK(smp_online_count() == count - 1 && !cpu_is_online(cpu), "%u online without CPU %u", smp_online_count(), cpu);
    TEST_CHECK(!ipi_call(cpu, note, &ran) && ran == 0, "CPU %u answers while offline", cpu);
    TEST_CHECK(all_answer(count - 1), "the others do not all answer");
    TEST_REQUIRE(cpu_online(cpu), "CPU %u does not come back", cpu);
    TEST_CHECK(ipi_call(cpu, note, &ran) && ran == 1, "CPU %u does not answer after its return", cpu);
    TEST_CHECK(all_answer(count), "not all answer");
}

static void every_other_leaves_and_returns(void) {
    if (smp_online_count() < 2) {
        test_skip("needs 2 CPUs");
        return;
    }
    TEST_CHECK(!cpu_offline(0), "the boot CPU went");
    TEST_CHECK(!cpu_online(1), "a CPU that is online was started again");
    for (u32 i = 0; i < ROUNDS; i++) leave_and_return(1);
    for (u32 cpu = 2; cpu < smp_cpu_count() && cpu < 8; cpu++) leave_and_return(cpu);
}

SUITE_TEST(offline_online, 60, "processors go offline and come back by INIT and start-up IPI") { every_other_leaves_and_returns(); }

SUITE_TEST(offline_online_scheduled, 190, "so they do while tasks are scheduled") { every_other_leaves_and_returns(); }

static void die(void *argument) {
    (void)argument;
    halt_forever();
}

static void one_dies_and_returns(void) {
    u32 victim = smp_cpu_count() - 1, count = smp_online_count();
    if (victim == 0 || !cpu_is_online(victim)) {
        test_skip("needs 2 CPUs");
        return;
    }
    static struct ipi_call deadly = {.function = die};
    watch_set_limit_ms(DEAD_AFTER_MS);
    TEST_REQUIRE(ipi_call_nowait(victim, &deadly), "CPU %u takes no calls", victim);
    u64 deadline = deadline_us(PATIENCE_US);
    while (cpu_is_online(victim) && !deadline_passed(deadline)) watch_others();
    watch_set_limit_ms(0);
    TEST_REQUIRE(!cpu_is_online(victim), "nobody noticed that CPU %u is dead", victim);
    TEST_CHECK(all_answer(count - 1), "the others do not all answer");
    TEST_CHECK(cpu_online(victim), "CPU %u cannot be started again", victim);
    TEST_CHECK(all_answer(count), "not all answer");
}

SUITE_TEST(dead_cpu, 61, "a processor that dies is noticed, the rest goes on, and INIT revives it") { one_dies_and_returns(); }

static bool becomes(u32 cpu, enum cpu_state state) {
    u64 deadline = deadline_us(PATIENCE_US);
    while (__atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE) != state && !deadline_passed(deadline)) pause();
    return __atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE) == state;
}

SUITE_TEST(ipi_halt, 62, "the halt IPI stops one processor, the shutdown IPI all others") {
    u32 count = smp_online_count();
    if (count < 2) {
        test_skip("needs 2 CPUs");
        return;
    }
    ipi_send(1, IPI_HALT);
    TEST_CHECK(becomes(1, CPU_OFFLINE) && smp_online_count() == count - 1, "CPU 1 runs on");
    ipi_send_others(IPI_SHUTDOWN);
    for (u32 cpu = 1; cpu < smp_cpu_count(); cpu++) TEST_CHECK(becomes(cpu, CPU_OFFLINE), "CPU %u runs on", cpu);
    TEST_CHECK(smp_online_count() == 1 && all_answer(1), "%u online", smp_online_count());
    for (u32 cpu = 1; cpu < smp_cpu_count(); cpu++) TEST_CHECK(cpu_online(cpu), "CPU %u does not come back", cpu);
    TEST_CHECK(all_answer(count), "not all answer");
}
