/* Every kind of lock under stress from all processors. A counter without a lock is the control: it must lose something. */
#include "lock.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "twin.h"
#include "work.h"
#include "x86.h"

#define ROUNDS 400

static struct spinlock spin = SPINLOCK("suite", RANK_ANY);
static struct rwlock rw;
static struct mutex mutex;
static volatile u64 counter; /* guarded by the lock under test */
static volatile u64 pair[2]; /* guarded by rw: always equal */
static u32 readers_inside, most_readers; /* atomic */
static u32 gathered; /* atomic: CPUs that have begun */

static void gather(void) {
    __atomic_fetch_add(&gathered, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&gathered, __ATOMIC_ACQUIRE) < smp_online_count()) pause();
}

static void run(void (*job)(void *)) {
    counter = 0;
    gathered = 0;
    TEST_CHECK(work_run_all(job, NULL, 0), "a CPU did not finish");
}

static void spin_job(void *argument) {
    (void)argument;
    gather();
    for (u32 i = 0; i < ROUNDS; i++) {
        u64 flags = twin(UNLOCKED_COUNTER) ? irq_save() : spin_lock(&spin);
        u64 seen = counter;
        for (u32 k = 0; k < (twin(UNLOCKED_COUNTER) ? 100 : 1); k++) pause();
        counter = seen + 1;
        if (twin(UNLOCKED_COUNTER)) irq_restore(flags);
        else spin_unlock(&spin, flags);
    }
}

SUITE_TEST(lock_stress, 20, "under the ticket lock no increment is lost") {
    u64 begin = rdtsc();
    run(spin_job);
    u64 total = (u64)ROUNDS * smp_online_count();
    TEST_CHECK(counter == total, "%lu of %lu", counter, total);
    test_figure("lock-and-unlock", (rdtsc() - begin) / total, "cycles each, contended");
}

static void try_job(void *argument) {
    (void)argument;
    gather();
    for (u32 done = 0; done < ROUNDS;) {
        u64 flags;
        if (!spin_try_lock(&spin, &flags)) {
            pause();
            continue;
        }
        counter++;
        done++;
        spin_unlock(&spin, flags);
    }
}

SUITE_TEST(lock_try, 21, "try-lock takes a free lock, refuses a held one, and loses nothing") {
    u64 outer = spin_lock(&spin), inner;
    TEST_CHECK(!spin_try_lock(&spin, &inner), "a held lock was taken");
    TEST_CHECK((read_rflags() & RFLAGS_IF) == 0, "interrupts are on while the lock is held");
    spin_unlock(&spin, outer);
    TEST_CHECK((read_rflags() & RFLAGS_IF) != 0, "interrupts stayed off");
    run(try_job);
    TEST_CHECK(counter == (u64)ROUNDS * smp_online_count(), "the counter is %lu", counter);
}

#define TURNS 64
static u32 turns[TURNS]; /* guarded by spin: who had it */
static u32 turn_count;

static void turn_job(void *argument) {
    (void)argument;
    gather();
    for (u32 i = 0; i < ROUNDS / 4; i++) {
        SPIN_GUARD(&spin);
        turns[turn_count++ % TURNS] = cpu_index();
    }
}

/* Each ticket is served once and in order, so holders of the lock are as many as tickets drawn. */
SUITE_TEST(lock_fair, 22, "tickets are served in the order drawn") {
    u32 before = spin.next;
    turn_count = 0;
    run(turn_job);
    TEST_CHECK(spin.next - before == turn_count && spin.serving == spin.next, "%u drawn, %u served", spin.next - before, turn_count);
}

static void rw_job(void *argument) {
    (void)argument;
    gather();
    for (u32 i = 0; i < ROUNDS / 2; i++) {
        if (i % 8 == cpu_index() % 8) {
            u64 flags = write_lock(&rw);
            TEST_CHECK(__atomic_load_n(&readers_inside, __ATOMIC_ACQUIRE) == 0, "a writer meets readers");
            pair[0]++;
            pair[1]++;
            counter++;
            write_unlock(&rw, flags);
            continue;
        }
        u64 flags = read_lock(&rw);
        u32 inside = __atomic_add_fetch(&readers_inside, 1, __ATOMIC_SEQ_CST);
        if (inside > most_readers) most_readers = inside;
        TEST_CHECK(pair[0] == pair[1], "a reader meets a writer");
        __atomic_sub_fetch(&readers_inside, 1, __ATOMIC_SEQ_CST);
        read_unlock(&rw, flags);
    }
}

SUITE_TEST(rwlock, 23, "writers are alone, and readers see all of what a writer wrote") {
    u64 flags = read_lock(&rw), second = read_lock(&rw), third;
    TEST_CHECK(!write_try_lock(&rw, &third), "a writer came in while two readers are");
    read_unlock(&rw, second);
    read_unlock(&rw, flags);
    TEST_CHECK(write_try_lock(&rw, &third), "a free lock was refused");
    write_unlock(&rw, third);
    pair[0] = pair[1] = 0;
    run(rw_job);
    TEST_CHECK(pair[0] == counter && rw.state == 0, "%lu writes, %lu counted", pair[0], counter);
    test_comment("at most %u readers were inside at once", most_readers);
}

static void mutex_job(void *argument) {
    (void)argument;
    gather();
    for (u32 i = 0; i < ROUNDS / 4; i++) {
        mutex_lock(&mutex);
        u64 seen = counter;
        pause();
        counter = seen + 1;
        mutex_unlock(&mutex);
    }
}

SUITE_TEST(mutex, 24, "under the mutex no increment is lost, with interrupts on") {
    TEST_CHECK(mutex_try_lock(&mutex) && !mutex_try_lock(&mutex), "try-lock of a mutex");
    mutex_unlock(&mutex);
    run(mutex_job);
    TEST_CHECK(counter == (u64)(ROUNDS / 4) * smp_online_count(), "the counter is %lu", counter);
}
