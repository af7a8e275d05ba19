/* The scheduler: who runs where, and whether everybody runs. */
#include "lock.h"
#include "memory.h"
#include "sched.h"
#include "smp.h"
#include "stack.h"
#include "test.h"
#include "time.h"
#include "x86.h"

#define MAX_TASKS 256
#define PATIENCE_MS 60000 /* until a test says that something hangs */
#define SPIN 20000

static struct task *made[MAX_TASKS]; /* by the suite's task only */
static u32 made_count;

static void start_on(const struct cpu_mask *allowed, enum task_priority priority, void (*function)(void *), void *argument) {
    struct task *task = task_create(&(struct task_options){.name = "test", .priority = priority, .allowed = allowed}, function, argument);
    if (task == NULL) {
        test_fail(__FILE__, __LINE__, "no memory for a task");
        return;
    }
    made[made_count++] = task;
    sched_wake(task);
}

static void start(void (*function)(void *), void *argument) { start_on(NULL, PRIORITY_NORMAL, function, argument); }

static void join_all(void) {
    while (made_count > 0) task_join(made[--made_count]);
}

static void compute(u64 amount) {
    for (volatile u64 i = 0; i < amount; i++) {}
}

/* True once the word holds the value; looks again every few milliseconds. */
static bool becomes(const u64 *word, u64 value) {
    struct patience patience = patience_us(PATIENCE_MS * 1000UL);
    while (__atomic_load_n(word, __ATOMIC_ACQUIRE) != value && !patience_ends(&patience)) sched_sleep_ms(5);
    return __atomic_load_n(word, __ATOMIC_ACQUIRE) == value;
}

static void pass_time_ms(u64 milliseconds) {
    u64 deadline = deadline_us(milliseconds * 1000);
    while (!deadline_passed(deadline)) sched_sleep_ms(10);
}

/* Distribution. */
#define COMPUTE_TASKS_PER_CPU 8
#define CHUNKS 60
static u64 chunks_on[MAX_CPUS]; /* atomic */

static void compute_task(void *unused) {
    (void)unused;
    for (u32 i = 0; i < CHUNKS; i++) {
        compute(SPIN);
        __atomic_fetch_add(&chunks_on[cpu_index()], 1, __ATOMIC_RELAXED);
    }
}

SUITE_TEST(distribution, 110, "compute tasks are spread: no CPU runs for less than half its share of the time") {
    u64 busy[MAX_CPUS], total = 0, chunks = 0;
    u32 count = smp_online_count(), tasks = count * COMPUTE_TASKS_PER_CPU < 128 ? count * COMPUTE_TASKS_PER_CPU : 128;
    FOR_EACH_ONLINE_CPU(cpu) busy[cpu] = cpus[cpu].cycles_busy, chunks_on[cpu] = 0;
    for (u32 i = 0; i < tasks; i++) start(compute_task, NULL);
    join_all();
    FOR_EACH_ONLINE_CPU(cpu) busy[cpu] = cpus[cpu].cycles_busy - busy[cpu], total += busy[cpu], chunks += chunks_on[cpu];
    TEST_CHECK(chunks == (u64)tasks * CHUNKS, "%lu of %lu pieces of work were done", chunks, (u64)tasks * CHUNKS);
    FOR_EACH_ONLINE_CPU(cpu) {
        test_comment("CPU %u: %lu %% of the time, %lu %% of the work", cpu, busy[cpu] * 100 / total, chunks_on[cpu] * 100 / chunks);
        TEST_CHECK(busy[cpu] * 2 * count >= total, "CPU %u ran for %lu of %lu cycles", cpu, busy[cpu], total);
        TEST_CHECK(chunks_on[cpu] != 0, "CPU %u did none of the work", cpu);
    }
}

/* Rebalancing and stealing: tasks that could run on one CPU only are set free while they wait there. */
static u64 stop; /* atomic */

static void run_until_stopped(void *unused) {
    (void)unused;
    while (__atomic_load_n(&stop, __ATOMIC_ACQUIRE) == 0) pause();
}

static void pile_up(u32 cpu, u32 count) {
    struct cpu_mask one = cpu_mask_of(cpu);
    u32 first = made_count;
    for (u32 i = 0; i < count; i++) start_on(&one, PRIORITY_NORMAL, run_until_stopped, NULL);
    for (u32 i = first; i < made_count; i++) {
        for (u32 word = 0; word < ARRAY_LENGTH(one.bits); word++) __atomic_store_n(&made[i]->allowed.bits[word], ~0UL, __ATOMIC_RELAXED);
    }
}

static void finish(void) {
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    join_all();
    __atomic_store_n(&stop, 0, __ATOMIC_RELEASE);
}

static u64 sum_of_arrived(void) {
    u64 sum = 0;
    FOR_EACH_ONLINE_CPU(cpu) sum += runqueues[cpu].arrived;
    return sum;
}

static u64 sum_of_stolen(void) {
    u64 sum = 0;
    FOR_EACH_ONLINE_CPU(cpu) sum += runqueues[cpu].stolen;
    return sum;
}

static u32 other_cpu(void) {
    FOR_EACH_ONLINE_CPU(cpu) {
        if (cpu != 0) return cpu;
    }
    return 0;
}

SUITE_TEST(rebalance, 111, "300 ms after all tasks stood in one queue, no two queues differ by more than 2") {
    u64 arrived = sum_of_arrived();
    FOR_EACH_ONLINE_CPU(cpu) { /* nobody is idle, so nobody steals */
        struct cpu_mask one = cpu_mask_of(cpu);
        if (cpu != 0) start_on(&one, PRIORITY_NORMAL, run_until_stopped, NULL);
    }
    pile_up(0, 40);
    pass_time_ms(300);
    u32 imbalance = sched_imbalance();
    TEST_CHECK(imbalance <= IMBALANCE_ALLOWED, "the queues differ by %u", imbalance);
    bool moved = sum_of_arrived() != arrived;
    TEST_CHECK(moved || smp_online_count() == 1, "no task was moved by rebalancing");
    finish();
}

SUITE_TEST(stealing, 112, "idle CPUs take tasks from those that have more") {
    if (smp_online_count() == 1) {
        test_skip("there is nobody to steal from");
        return;
    }
    u64 stolen = sum_of_stolen();
    struct patience patience = patience_us(PATIENCE_MS * 1000UL);
    pile_up(other_cpu(), IMBALANCE_ALLOWED); /* too few for rebalancing to come first */
    while (sum_of_stolen() == stolen && !patience_ends(&patience)) sched_sleep_ms(5);
    TEST_CHECK(sum_of_stolen() != stolen, "nothing was stolen");
    finish();
}

/* Affinity. */
static u64 strayed; /* atomic */

static void stay(void *argument) {
    u32 home = (u32)(u64)argument;
    for (u32 i = 0; i < 20; i++) {
        compute(SPIN / 4);
        if (cpu_index() != home) __atomic_fetch_add(&strayed, 1, __ATOMIC_RELAXED);
        if (i % 4 == 0) sched_yield();
        if (i % 8 == 0) sched_sleep_ms(1);
    }
}

SUITE_TEST(affinity, 113, "a task bound to a CPU runs nowhere else, however often it blocks") {
    strayed = 0;
    FOR_EACH_ONLINE_CPU(cpu) {
        struct cpu_mask one = cpu_mask_of(cpu);
        for (u32 i = 0; i < 3; i++) start_on(&one, PRIORITY_NORMAL, stay, (void *)(u64)cpu);
    }
    join_all();
    TEST_CHECK(strayed == 0, "tasks were seen on another CPU %lu times", strayed);
}

/* Priorities. */
static u32 order_of_run[PRIORITIES];
static u32 ran; /* atomic */

static void note_order(void *argument) { order_of_run[__atomic_fetch_add(&ran, 1, __ATOMIC_ACQ_REL)] = (u32)(u64)argument; }

static void start_in_wrong_order(void *unused) {
    (void)unused;
    u32 here = cpu_index();
    struct cpu_mask one = cpu_mask_of(here);
    u64 flags = irq_save(); /* no switch before all are in the queue */
    start_on(&one, PRIORITY_LOW, note_order, (void *)PRIORITY_LOW);
    start_on(&one, PRIORITY_NORMAL, note_order, (void *)PRIORITY_NORMAL);
    start_on(&one, PRIORITY_HIGH, note_order, (void *)PRIORITY_HIGH);
    irq_restore(flags);
}

SUITE_TEST(priority, 114, "of ready tasks the most important runs first") {
    u32 right = 0; /* one choice in 16 goes to who has waited longest */
    for (u32 round = 0; round < 20; round++) {
        ran = 0;
        start_in_wrong_order(NULL);
        join_all();
        right += order_of_run[0] == PRIORITY_HIGH && order_of_run[1] == PRIORITY_NORMAL && order_of_run[2] == PRIORITY_LOW;
    }
    TEST_CHECK(right >= 10, "in %u of 20 rounds three tasks ran by their priorities", right);
}

static u64 low_ran; /* atomic */

static void note_run(void *unused) {
    (void)unused;
    __atomic_store_n(&low_ran, 1, __ATOMIC_RELEASE);
}

SUITE_TEST(starvation, 115, "a task of low priority runs although more important ones never stop") {
    u32 cpu = other_cpu();
    struct cpu_mask one = cpu_mask_of(cpu);
    low_ran = 0;
    for (u32 i = 0; i < 2; i++) start_on(&one, PRIORITY_NORMAL, run_until_stopped, NULL);
    start_on(&one, PRIORITY_LOW, note_run, NULL);
    TEST_CHECK(becomes(&low_ran, 1), "it did not run in %u ms", PATIENCE_MS);
    finish();
}

/* Preemption. */
static u64 progress[2]; /* atomic */

static void never_yield(void *argument) {
    while (__atomic_load_n(&stop, __ATOMIC_ACQUIRE) == 0) __atomic_fetch_add((u64 *)argument, 1, __ATOMIC_RELAXED);
}

SUITE_TEST(preemption, 116, "two tasks on one CPU that never yield both go on, on every CPU") {
    FOR_EACH_ONLINE_CPU(cpu) {
        struct cpu_mask one = cpu_mask_of(cpu);
        for (u32 i = 0; i < 2; i++) progress[i] = 0, start_on(&one, PRIORITY_NORMAL, never_yield, &progress[i]);
        struct patience patience = patience_us(PATIENCE_MS * 1000UL);
        for (u32 i = 0; i < 2; i++) {
            while (__atomic_load_n(&progress[i], __ATOMIC_ACQUIRE) == 0 && !patience_ends(&patience)) sched_sleep_ms(5);
            TEST_CHECK(progress[i] != 0, "task %u on CPU %u never ran", i, cpu);
        }
        finish();
    }
}

/* The limit of a queue. */
static u64 over_limit, done; /* atomic */

static void look_at_queue(void *argument) {
    u32 size = __atomic_load_n(&runqueues[(u64)argument].size, __ATOMIC_RELAXED);
    if (size > RUN_QUEUE_LIMIT) __atomic_store_n(&over_limit, size, __ATOMIC_RELEASE);
    sched_yield();
    __atomic_fetch_add(&done, 1, __ATOMIC_ACQ_REL);
}

SUITE_TEST(queue_limit, 117, "a queue holds no more than 64 tasks, and those that find it full run later") {
    u32 cpu = other_cpu(), count = RUN_QUEUE_LIMIT + 40;
    struct cpu_mask one = cpu_mask_of(cpu);
    over_limit = done = 0;
    for (u32 i = 0; i < count; i++) start_on(&one, PRIORITY_NORMAL, look_at_queue, (void *)(u64)cpu);
    TEST_CHECK(becomes(&done, count), "%lu of %u tasks ran", done, count);
    TEST_CHECK(over_limit == 0, "the queue held %lu tasks", over_limit);
    join_all();
}

/* Sleeping. */
static u64 early; /* atomic */

static void sleep_some(void *argument) {
    u64 milliseconds = (u64)argument, deadline = deadline_us(milliseconds * 1000);
    sched_sleep_ms(milliseconds);
    if (!deadline_passed(deadline)) __atomic_fetch_add(&early, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&done, 1, __ATOMIC_ACQ_REL);
}

SUITE_TEST(sleep, 118, "sleepers wake, none too early") {
    early = done = 0;
    for (u64 i = 0; i < 40; i++) start(sleep_some, (void *)(i * 7 % 50));
    TEST_CHECK(becomes(&done, 40), "%lu of 40 sleepers woke", done);
    TEST_CHECK(early == 0, "%lu woke too early", early);
    join_all();
}

/* Lost wake-ups: pairs throw a ball to and fro; if one wake-up is lost, both wait for ever. */
#define THROWS 400

struct pair {
    struct spinlock lock;
    struct wait_queue waiting;
    u32 ball; /* guarded by lock: whose turn it is */
};
static struct pair pairs[MAX_TASKS / 2];
static u64 finished; /* atomic */

static void throw_ball(struct pair *pair, u32 me) {
    for (u32 i = 0; i < THROWS; i++) {
        u64 flags = spin_lock(&pair->lock);
        while (pair->ball != me) wait_sleep(&pair->waiting, &pair->lock);
        pair->ball = !me;
        wait_wake_all(&pair->waiting);
        spin_unlock(&pair->lock, flags);
    }
    __atomic_fetch_add(&finished, 1, __ATOMIC_ACQ_REL);
}

static void throw_first(void *pair) { throw_ball(pair, 0); }
static void throw_second(void *pair) { throw_ball(pair, 1); }

SUITE_TEST(lost_wakeups, 119, "no wake-up is lost between tasks on different CPUs") {
    u32 count = smp_online_count() * 2 < 32 ? smp_online_count() * 2 : 32;
    finished = 0;
    for (u32 i = 0; i < count; i++) {
        spin_init(&pairs[i].lock, "pair", RANK_WAIT);
        pairs[i].ball = 0;
        start(throw_first, &pairs[i]);
        start(throw_second, &pairs[i]);
    }
    TEST_REQUIRE(becomes(&finished, 2 * count), "%lu of %u tasks came to an end: a wake-up was lost", finished, 2 * count);
    join_all();
}

/* Waking from HLT. */
static void note_done(void *unused) {
    (void)unused;
    __atomic_fetch_add(&done, 1, __ATOMIC_ACQ_REL);
}

SUITE_TEST(resched_ipi, 120, "a task for an idle CPU takes it out of HLT by an IPI") {
    FOR_EACH_ONLINE_CPU(cpu) {
        if (cpu == 0) continue;
        struct cpu_mask one = cpu_mask_of(cpu);
        u32 before = cpus[cpu].vector_counts[0xF0];
        done = 0;
        for (u32 round = 0; round < 5; round++) start_on(&one, PRIORITY_NORMAL, note_done, NULL), join_all();
        TEST_CHECK(done == 5, "CPU %u ran %lu of 5 tasks", cpu, done);
        TEST_CHECK(cpus[cpu].vector_counts[0xF0] != before, "CPU %u got no IPI", cpu);
    }
}

static void end_with(void *argument) { task_end((i64)argument); }

SUITE_TEST(join, 121, "who waits for a task learns how it ended, and its memory comes back") {
    u64 before = memory_free() + memory_kept(), stacks = stack_count();
    u32 tasks = task_count();
    for (u64 i = 0; i < 50; i++) {
        struct task *task = task_spawn("end", end_with, (void *)(i * 3));
        i64 status = task_join(task);
        TEST_CHECK(status == (i64)(i * 3), "status %ld instead of %lu", status, i * 3);
    }
    u64 after = memory_free() + memory_kept();
    TEST_CHECK(after == before, "%ld bytes are gone", (i64)(before - after));
    TEST_CHECK(stack_count() == stacks, "%lu stacks instead of %lu", stack_count(), stacks);
    TEST_CHECK(task_count() == tasks, "%u tasks instead of %u", task_count(), tasks);
}
