/* Processors that go and come back, and one that dies. */
#include "hotplug.h"

#include "ipi.h"
#include "nmi.h"
#include "sched.h"
#include "smp.h"
#include "space.h"
#include "test.h"
#include "time.h"
#include "work.h"
#include "x86.h"

#define PATIENCE_US 20000000
#define DEAD_AFTER_MS 1000
#define WORK_US 50000 /* more than anybody needs for a word in memory */
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

static void hold_lazily(void *space) {
    tlb_load(space);
    tlb_load(NULL);
}

SUITE_TEST(offline_space, 191, "a processor that goes offline lets go of the address space that it held lazily") {
    u32 cpu = smp_cpu_count() - 1;
    if (cpu == 0) {
        test_skip("needs 2 CPUs");
        return;
    }
    struct space *space = space_create();
    TEST_REQUIRE(space != NULL && ipi_call(cpu, hold_lazily, space), "CPU %u takes no calls", cpu);
    TEST_CHECK(runqueues[cpu].tlb.loaded == space && runqueues[cpu].tlb.lazy, "CPU %u is not lazy", cpu);
    TEST_REQUIRE(cpu_offline(cpu), "CPU %u does not go", cpu);
    TEST_CHECK(runqueues[cpu].tlb.loaded == NULL, "it will take the next space at that place for the one it has loaded");
    space_release(space);
    TEST_CHECK(cpu_online(cpu), "CPU %u does not come back", cpu);
}

static void die(void *argument) {
    (void)argument;
    halt_forever();
}

static u32 late, came_back; /* atomic */

static void be_late(void *argument) {
    (void)argument;
    while (__atomic_load_n(&late, __ATOMIC_ACQUIRE) == 0) pause();
    __atomic_store_n(&came_back, 1, __ATOMIC_RELEASE);
}

static bool nmi_finds(u32 cpu) {
    nmi_send(cpu, NMI_DUMP);
    return WAIT_UNTIL(nmi_frame(cpu) != NULL, PATIENCE_US);
}

static void one_stops_answering(void (*how)(void *)) {
    u32 victim = smp_cpu_count() - 1, count = smp_online_count();
    if (victim == 0 || !cpu_is_online(victim)) {
        test_skip("needs 2 CPUs");
        return;
    }
    struct ipi_call deadly = {.function = how};
    watch_set_limit_ms(DEAD_AFTER_MS);
    TEST_REQUIRE(ipi_call_nowait(victim, &deadly), "CPU %u takes no calls", victim);
    struct patience patience = patience_us(PATIENCE_US);
    while (cpu_is_online(victim) && !patience_ends(&patience)) watch_others();
    watch_set_limit_ms(0);
    TEST_REQUIRE(!cpu_is_online(victim), "nobody noticed that CPU %u is dead", victim);
    TEST_CHECK(all_answer(count - 1), "the others do not all answer");
    __atomic_store_n(&late, 1, __ATOMIC_RELEASE);
    wait_us(WORK_US);
    TEST_CHECK(came_back == 0 && deadly.done == CALL_WAITS, "a CPU that was given up goes on");
    TEST_REQUIRE(cpu_online(victim), "CPU %u cannot be started again", victim);
    TEST_CHECK(all_answer(count), "not all answer");
    TEST_CHECK(nmi_finds(victim) && all_answer(count), "it takes no NMI in its new life");
}

SUITE_TEST(dead_cpu, 61, "a processor that dies is noticed, the rest goes on, and INIT revives it") { one_stops_answering(die); }

SUITE_TEST(late_cpu, 61, "a processor that was given up never comes back by itself") {
    late = came_back = 0;
    one_stops_answering(be_late);
}

static bool becomes(u32 cpu, enum cpu_state state) {
    return WAIT_UNTIL(__atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE) == state, PATIENCE_US);
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
