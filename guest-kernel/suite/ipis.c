/* IPIs of every kind: to one, to a mask, to the others, to all; and how long they take. */
#include "ipi.h"
#include "irq.h"
#include "lock.h"
#include "nmi.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "work.h"
#include "x86.h"

#define PATIENCE_US 5000000
#define ROUNDS 200

static u32 counts[MAX_CPUS]; /* atomic: how often each CPU's handler ran */

static void count(void) { __atomic_fetch_add(&counts[this_cpu()->index], 1, __ATOMIC_RELEASE); }

static void reset(void) {
    for (u32 i = 0; i < MAX_CPUS; i++) __atomic_store_n(&counts[i], 0, __ATOMIC_SEQ_CST);
}

static bool reaches(u32 cpu, u32 wanted) {
    return WAIT_UNTIL(__atomic_load_n(&counts[cpu], __ATOMIC_ACQUIRE) >= wanted, PATIENCE_US);
}

SUITE_TEST(ipi_destinations, 40, "an IPI reaches one, a mask, all others, or all, and nobody else") {
    u32 me = cpu_index();
    ipi_set_handler(IPI_TIMER, count);
    FOR_EACH_ONLINE_CPU(i) {
        reset();
        ipi_send(i, IPI_TIMER);
        TEST_CHECK(reaches(i, 1), "CPU %u did not get its IPI", i);
        FOR_EACH_ONLINE_CPU(k) TEST_CHECK(k == i || counts[k] == 0, "CPU %u got the IPI of CPU %u", k, i);
    }
    struct cpu_mask even = {0};
    FOR_EACH_ONLINE_CPU(e) {
        if (e % 2 == 0) cpu_mask_add(&even, e);
    }
    reset();
    ipi_send_mask(&even, IPI_TIMER);
    FOR_EACH_ONLINE_CPU(m) TEST_CHECK(m % 2 != 0 || reaches(m, 1), "CPU %u is in the mask and got nothing", m);
    FOR_EACH_ONLINE_CPU(o) TEST_CHECK(o % 2 == 0 || counts[o] == 0, "CPU %u is not in the mask", o);
    reset();
    ipi_send_others(IPI_TIMER);
    FOR_EACH_ONLINE_CPU(r) TEST_CHECK(r == me || reaches(r, 1), "CPU %u is one of the others and got nothing", r);
    TEST_CHECK(counts[me] == 0, "the sender got it too");
    ipi_send_all(IPI_TIMER);
    TEST_CHECK(reaches(me, 1), "all does not include the sender");
    FOR_EACH_ONLINE_CPU(a) TEST_CHECK(reaches(a, a == me ? 1 : 2), "CPU %u is one of all and got nothing", a);
    ipi_set_handler(IPI_TIMER, NULL);
}

SUITE_TEST(ipi_reasons, 41, "reasons that arrive together are all served") {
    void (*saved_tlb)(void) = ipi_set_handler(IPI_TLB, count);
    ipi_set_handler(IPI_TIMER, count);
    u32 last = smp_cpu_count() - 1;
    reset();
    for (u32 i = 0; i < ROUNDS; i++) {
        u32 before = counts[last];
        u64 flags = irq_save();
        ipi_send(last, IPI_TLB);
        ipi_send(last, IPI_TIMER);
        irq_restore(flags);
        TEST_REQUIRE(reaches(last, before + 2), "round %u: a reason was lost", i);
    }
    ipi_set_handler(IPI_TIMER, NULL);
    ipi_set_handler(IPI_TLB, saved_tlb);
}

static void note_caller(void *argument) { __atomic_store_n((u32 *)argument, this_cpu()->index + 1, __ATOMIC_RELEASE); }

SUITE_TEST(ipi_call, 42, "a call runs on the CPU asked for, with and without waiting") {
    FOR_EACH_ONLINE_CPU(i) {
        u32 ran_on = 0;
        TEST_CHECK(ipi_call(i, note_caller, &ran_on), "the call to CPU %u failed", i);
        TEST_CHECK(ran_on == i + 1, "the call to CPU %u ran on %d", i, (int)ran_on - 1);
        struct ipi_call call = {.function = note_caller, .argument = &ran_on};
        ran_on = 0;
        TEST_CHECK(ipi_call_nowait(i, &call), "the call to CPU %u was refused", i);
        TEST_CHECK(ipi_call_wait(i, &call) && ran_on == i + 1, "the late call to CPU %u ran on %d", i, (int)ran_on - 1);
    }
    TEST_CHECK(!ipi_call(MAX_CPUS - 1, note_caller, NULL) || smp_cpu_count() == MAX_CPUS, "a CPU that is not there was called");
}

static u32 crossings; /* atomic */

static void cross(void *argument) {
    (void)argument;
    __atomic_fetch_add(&crossings, 1, __ATOMIC_RELAXED);
}

static void call_everybody(void *argument) {
    (void)argument;
    for (u32 i = 0; i < ROUNDS / 10; i++) ipi_call_mask(NULL, cross, NULL);
}

SUITE_TEST(ipi_call_storm, 43, "all CPUs may call all CPUs at once without a deadlock") {
    crossings = 0;
    TEST_CHECK(work_run_all(call_everybody, NULL, 0), "a CPU hangs");
    u32 expected = ROUNDS / 10 * smp_online_count() * smp_online_count();
    TEST_CHECK(crossings == expected, "%u of %u calls ran", crossings, expected);
}

SUITE_TEST(ipi_latency, 44, "an IPI comes back in bounded time") {
    if (smp_online_count() < 2) {
        test_skip("needs 2 CPUs");
        return;
    }
    u64 sum = 0, least = ~0UL, most = 0;
    u32 ran_on;
    for (u32 i = 0; i < ROUNDS; i++) {
        u64 begin = rdtsc();
        ipi_call(1, note_caller, &ran_on);
        u64 cycles = rdtsc() - begin;
        sum += cycles;
        if (cycles < least) least = cycles;
        if (cycles > most) most = cycles;
    }
    test_figure("ipi-round-trip-least", least, "cycles");
    test_figure("ipi-round-trip-mean", sum / ROUNDS, "cycles");
    TEST_CHECK(most < tsc_hz() * 5, "one took %lu cycles", most);
}

SUITE_TEST(nmi_dump, 45, "an NMI finds every CPU, also with interrupts off, and lets it go on") {
    u32 me = cpu_index();
    FOR_EACH_ONLINE_CPU(i) {
        if (i == me) continue;
        u32 ran_on = 0;
        nmi_send(i, NMI_DUMP);
        TEST_REQUIRE(WAIT_UNTIL(nmi_frame(i) != NULL, PATIENCE_US), "CPU %u does not answer", i);
        TEST_CHECK(nmi_frame(i)->rip != 0, "CPU %u is nowhere", i);
        TEST_CHECK(ipi_call(i, note_caller, &ran_on) && ran_on == i + 1, "CPU %u did not go on", i);
    }
}
