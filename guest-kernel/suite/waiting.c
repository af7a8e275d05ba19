/*
 * Three ways to wait for ever, done right: two locks, a lock shared with an interrupt handler, and sleeping until another CPU
 * has something. Each has a broken twin.
 */
#include "ipi.h"
#include "lock.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "timer.h"
#include "twin.h"
#include "work.h"
#include "x86.h"

#define ROUNDS 200
#define WINDOW_SPINS 20000

static struct spinlock first = SPINLOCK("first", RANK_HOTPLUG);
static struct spinlock second = SPINLOCK("second", RANK_PROCESS);
static u64 both[2]; /* [0] guarded by first, [1] by second */

static void take_both(struct spinlock *outer, struct spinlock *inner) {
    u64 flags = spin_lock(outer);
    for (u32 i = 0; twin(ABBA) && i < WINDOW_SPINS; i++) pause();
    u64 none = spin_lock(inner);
    both[0]++;
    both[1]++;
    spin_unlock(inner, none);
    spin_unlock(outer, flags);
}

static void pair_job(void *argument) {
    (void)argument;
    bool turned = twin(ABBA) && cpu_index() % 2 == 1;
    for (u32 i = 0; i < ROUNDS; i++) {
        if (turned) take_both(&second, &first);
        else take_both(&first, &second);
    }
}

SUITE_TEST(lock_pair, 25, "two locks, taken by all in the order of their ranks, stop nobody") {
    both[0] = both[1] = 0;
    TEST_CHECK(work_run_all(pair_job, NULL, 0), "a CPU did not finish");
    TEST_CHECK(both[0] == (u64)ROUNDS * smp_online_count() && both[0] == both[1], "%lu and %lu", both[0], both[1]);
}

static struct spinlock shared = SPINLOCK("shared with the tick", RANK_ANY);
static u64 ticks_seen; /* guarded by shared */

static void tick_with_lock(void) {
    SPIN_GUARD(&shared);
    ticks_seen++;
}

/* spin_lock switches interrupts off; the twin switches them on again while it holds the lock. */
static void read_ticks(void) {
    u64 flags = spin_lock(&shared);
    if (twin(LOCK_IN_HANDLER)) sti();
    u64 begin = ticks_seen;
    for (u32 i = 0; i < WINDOW_SPINS / 10; i++) pause();
    TEST_CHECK(ticks_seen == begin, "the handler came in between");
    spin_unlock(&shared, flags);
}

SUITE_TEST(lock_handler, 54, "a lock that an interrupt handler takes is held with interrupts off") {
    ticks_seen = 0;
    timer_set_handler(tick_with_lock);
    timer_periodic(1000);
    struct patience patience = patience_us(5000000);
    while (__atomic_load_n(&ticks_seen, __ATOMIC_RELAXED) < ROUNDS / 10 && !patience_ends(&patience)) read_ticks();
    timer_stop();
    timer_set_handler(NULL);
    TEST_CHECK(ticks_seen >= ROUNDS / 10, "the handler got the lock %lu times", ticks_seen);
}

static u32 turn; /* atomic: whose turn it is, of CPU 0 and CPU 1 */
static u32 about_to_sleep; /* atomic: twins only, so that the wake-up falls into the window */

/* Nothing may come between the look and HLT: STI lets interrupts in only behind the instruction that follows (SDM Vol. 2, STI). */
static void sleep_until_turn(u32 me) {
    for (;;) {
        cli();
        if (twin(LOST_WAKEUP)) sti();
        if (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) == me) break;
        for (u32 i = 0; twin(LOST_WAKEUP) && i < WINDOW_SPINS; i++) {
            __atomic_store_n(&about_to_sleep, me + 1, __ATOMIC_RELEASE);
            pause();
        }
        sti_hlt();
    }
    sti();
}

static void give_turn(u32 to) {
    u64 deadline = deadline_us(100000);
    while (twin(LOST_WAKEUP) && __atomic_load_n(&about_to_sleep, __ATOMIC_ACQUIRE) != to + 1 && !deadline_passed(deadline)) pause();
    __atomic_store_n(&turn, to, __ATOMIC_RELEASE);
    ipi_send(to, IPI_RESCHEDULE);
}

static void answer_job(void *argument) {
    (void)argument;
    for (u32 i = 0; i < ROUNDS; i++) {
        sleep_until_turn(1);
        give_turn(0);
    }
}

SUITE_TEST(wakeup, 26, "who sleeps in HLT until its turn comes is always woken") {
    if (smp_online_count() < 2) {
        test_skip("needs 2 CPUs");
        return;
    }
    turn = 0;
    TEST_REQUIRE(work_give(1, answer_job, NULL), "CPU 1 takes no work");
    for (u32 i = 0; i < ROUNDS; i++) {
        sleep_until_turn(0);
        give_turn(1);
    }
    sleep_until_turn(0);
    TEST_CHECK(work_wait(1, 5000000), "CPU 1 did not finish");
}
