/*
 * Which CPU a task goes to: a new or woken one to the shortest queue; every REBALANCE_MS tasks move from the longest to the
 * shortest queue until they differ by no more than IMBALANCE_ALLOWED; an idle CPU steals from the longest.
 *
 * Sizes of other CPUs' queues are read without their locks: they may be old a moment later, which costs balance, never a task.
 * No two queues are locked at once.
 */
#include "lock.h"
#include "log.h"
#include "sched_queue.h"
#include "ipi.h"
#include "smp.h"
#include "twin.h"
#include "time.h"
#include "x86.h"

static bool debug; /* atomic */

/* Ready tasks for whom every queue was full, the one that has waited longest first. */
static struct spinlock overflow_lock = SPINLOCK("overflow", RANK_TASK); /* guards the next two */
static struct task *overflow;
static u32 overflow_count; /* read by all */

static u64 next_rebalance; /* TSC; atomic: who moves it on rebalances */

void sched_set_debug(bool on) { __atomic_store_n(&debug, on, __ATOMIC_RELAXED); }

static u32 size_of(u32 cpu) { return __atomic_load_n(&runqueues[cpu].size, __ATOMIC_RELAXED); }

/* There is one count, and smp.c has it. */
static u32 cpus_to_use(void) { return twin(TWO_COUNTERS) ? 1 : smp_cpu_count(); }

/* The allowed CPU with the shortest queue; of equals an idle one, then the preferred one. NO_CPU where none takes tasks. */
static u32 shortest(const struct cpu_mask *allowed, u32 preferred) {
    u32 count = cpus_to_use(), best = NO_CPU, best_load = 0;
    for (u32 i = 0; i < count; i++) {
        u32 cpu = (preferred + i) % count;
        if (!takes_tasks(cpu) || (allowed != NULL && !cpu_mask_has(allowed, cpu))) continue;
        bool busy = __atomic_load_n(&runqueues[cpu].running, __ATOMIC_RELAXED) != PRIORITY_NONE;
        u32 load = 2 * size_of(cpu) + busy;
        if (best == NO_CPU || load < best_load) best = cpu, best_load = load;
    }
    return best;
}

static void put_aside(struct task *task) {
    SPIN_GUARD(&overflow_lock);
    struct task **end = &overflow;
    while (*end != NULL) end = &(*end)->next;
    task->next = NULL;
    *end = task;
    __atomic_store_n(&overflow_count, overflow_count + 1, __ATOMIC_RELAXED);
}

static void report(u32 id, u32 cpu, u32 size, bool kick) {
    if (!__atomic_load_n(&debug, __ATOMIC_RELAXED)) return;
    print_line("[SCHED] Enqueued task %u to CPU %u (runqueue size: %u)", id, cpu, size);
    if (kick) print_line("[SCHED] send RESCHED IPI → core%u", cpu);
}

/* False where the CPU takes no tasks or has its fill. */
static bool place_on(struct task *task, u32 cpu) {
    struct runqueue *queue = &runqueues[cpu];
    u32 id = task->id; /* the task may run and end as soon as it is in the queue */
    u64 flags = spin_lock(&queue->lock);
    bool placed = queue->online && queue->size < RUN_QUEUE_LIMIT;
    if (placed) queue_append(queue, task);
    u32 size = queue->size;
    bool kick = placed && task->priority < __atomic_load_n(&queue->running, __ATOMIC_RELAXED);
    spin_unlock(&queue->lock, flags);
    if (!placed) return false;
    report(id, cpu, size, kick);
    if (kick) ipi_send(cpu, IPI_RESCHEDULE);
    return true;
}

void sched_place(struct task *task) {
    for (;;) {
        u32 cpu = shortest(&task->allowed, task->cpu);
        if (cpu != NO_CPU && place_on(task, cpu)) return;
        if (cpu == NO_CPU) {
            log_error("task %u (%s) may run on no CPU that is left: it may run on all now", task->id, task->name);
            for (u32 i = 0; i < ARRAY_LENGTH(task->allowed.bits); i++) task->allowed.bits[i] = ~0UL;
        } else if (size_of(cpu) >= RUN_QUEUE_LIMIT) {
            put_aside(task);
            return;
        }
    }
}

static bool has_room(const struct task *task) {
    u32 cpu = shortest(&task->allowed, task->cpu);
    return cpu == NO_CPU || size_of(cpu) < RUN_QUEUE_LIMIT;
}

/* NULL also where another CPU looks: it will find the same. */
static struct task *take_overflow(void) {
    u64 flags;
    if (!spin_try_lock(&overflow_lock, &flags)) return NULL;
    struct task **at = &overflow;
    while (*at != NULL && !has_room(*at)) at = &(*at)->next;
    struct task *task = *at;
    if (task != NULL) {
        *at = task->next;
        __atomic_store_n(&overflow_count, overflow_count - 1, __ATOMIC_RELAXED);
    }
    spin_unlock(&overflow_lock, flags);
    return task;
}

/*
 * From every tick of every CPU: none waits for another here, and none takes out what it would have to put back. Where all did so,
 * the ticks of many CPUs could take longer than the time between them, and nobody would run a task any more.
 */
static void place_overflow(void) {
    for (u32 left = __atomic_load_n(&overflow_count, __ATOMIC_RELAXED); left > 0; left--) {
        struct task *task = take_overflow();
        if (task == NULL) return;
        sched_place(task);
    }
}

static struct task *take_from(u32 from, u32 to) {
    SPIN_GUARD(&runqueues[from].lock);
    return queue_take_for(&runqueues[from], to);
}

void sched_steal(u32 thief) {
    u32 victim = NO_CPU, longest = 0;
    for (u32 cpu = 0; thief < cpus_to_use() && cpu < cpus_to_use(); cpu++) {
        if (cpu != thief && size_of(cpu) > longest) victim = cpu, longest = size_of(cpu);
    }
    if (victim == NO_CPU) return;
    struct task *task = take_from(victim, thief);
    if (task == NULL) return;
    struct runqueue *own = &runqueues[thief];
    u64 flags = spin_lock(&own->lock);
    bool taken = own->online;
    if (taken) queue_append(own, task);
    spin_unlock(&own->lock, flags);
    if (taken) own->stolen++;
    else sched_place(task);
}

static void find_extremes(u32 *longest, u32 *shortest_cpu, const struct cpu_mask *skip) {
    *longest = *shortest_cpu = NO_CPU;
    for (u32 cpu = 0; cpu < cpus_to_use(); cpu++) {
        if (!takes_tasks(cpu)) continue;
        if (*shortest_cpu == NO_CPU || size_of(cpu) < size_of(*shortest_cpu)) *shortest_cpu = cpu;
        if (cpu_mask_has(skip, cpu)) continue;
        if (*longest == NO_CPU || size_of(cpu) > size_of(*longest)) *longest = cpu;
    }
}

u32 sched_imbalance(void) {
    struct cpu_mask none = {{0}};
    u32 longest, shortest_cpu;
    find_extremes(&longest, &shortest_cpu, &none);
    if (longest == NO_CPU || size_of(longest) < size_of(shortest_cpu)) return 0;
    return size_of(longest) - size_of(shortest_cpu);
}

/* Each round moves a task or gives one CPU up, whose tasks may not go where they should: it ends. */
static void rebalance(void) {
    struct cpu_mask skip = {{0}};
    for (u32 moves = 0; moves < RUN_QUEUE_LIMIT * MAX_CPUS; moves++) {
        u32 from, to;
        find_extremes(&from, &to, &skip);
        if (from == NO_CPU || size_of(from) <= size_of(to) + IMBALANCE_ALLOWED) return;
        struct task *task = take_from(from, to);
        if (task == NULL) {
            cpu_mask_add(&skip, from);
            continue;
        }
        if (place_on(task, to)) __atomic_fetch_add(&runqueues[to].arrived, 1, __ATOMIC_RELAXED);
        else sched_place(task);
    }
}

void sched_balance_tick(void) {
    place_overflow();
    u64 due = __atomic_load_n(&next_rebalance, __ATOMIC_RELAXED);
    if (!deadline_passed(due)) return;
    u64 next = deadline_us(REBALANCE_MS * 1000);
    if (__atomic_compare_exchange_n(&next_rebalance, &due, next, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) rebalance();
}
