/*
 * Runs the threads of a shape on their CPUs. A batch is a row of cells, one per iteration, so that no iteration can disturb the
 * next. All threads meet at a barrier before each batch, and before each iteration they wait a short, bounded time for one
 * another: long enough to collide, short enough for hosts with fewer cores than threads.
 */
#include "jobs.h"
#include "litmus.h"
#include "x86.h"

#define BATCH 512
#define MEETING_SPINS 300

struct line {
    volatile u64 value __attribute__((aligned(LITMUS_CACHE_LINE)));
};

struct registers {
    u64 r[LITMUS_REGISTERS] __attribute__((aligned(LITMUS_CACHE_LINE)));
};

static struct litmus_cell cells[BATCH];
static struct registers registers[LITMUS_MAX_THREADS][BATCH]; /* each row written by its own thread */
static struct line position[LITMUS_MAX_THREADS];              /* each written by its own thread */
static struct line arrived;                                   /* barrier: arrivals since the start */

struct thread {
    const struct litmus_shape *shape;
    enum litmus_variant variant;
    u32 number;
    u64 batches, last_batch;
    struct litmus_result *result; /* thread 0 only */
};

/* The generation is told by the total number of arrivals, so no reset is needed. */
static void barrier(u32 threads) {
    u64 mine = __atomic_fetch_add(&arrived.value, 1, __ATOMIC_SEQ_CST);
    u64 target = (mine / threads + 1) * threads;
    while (__atomic_load_n(&arrived.value, __ATOMIC_ACQUIRE) < target) pause();
}

static void meet(const struct thread *thread, u64 step) {
    __atomic_store_n(&position[thread->number].value, step, __ATOMIC_SEQ_CST);
    for (u32 i = 0; i < thread->shape->threads; i++) {
        for (u32 spin = 0; spin < MEETING_SPINS && position[i].value < step; spin++) asm volatile("" : : : "memory");
    }
}

static bool same(const struct litmus_outcome *a, const struct litmus_outcome *b) {
    bool equal = a->x == b->x && a->y == b->y;
    for (u32 i = 0; i < LITMUS_REGISTERS; i++) equal &= a->r[i] == b->r[i];
    return equal;
}

static void count(struct litmus_result *result, const struct litmus_outcome *outcome) {
    u32 kind = 0;
    while (kind < result->kinds && !same(&result->seen[kind].outcome, outcome)) kind++;
    if (kind == ARRAY_LENGTH(result->seen)) return; /* more kinds than the values of any shape allow */
    if (kind == result->kinds) {
        result->seen[kind].outcome = *outcome;
        result->seen[kind].times = 0;
        result->kinds++;
    }
    result->seen[kind].times++;
}

/* Which thread wrote a register is not remembered: the others' copies of it stay 0. */
static void collect(const struct thread *thread, u64 size) {
    const struct litmus_shape *shape = thread->shape;
    for (u64 i = 0; i < size; i++) {
        struct litmus_outcome outcome = {0};
        for (u32 t = 0; t < shape->threads; t++) {
            for (u32 n = 0; n < shape->registers; n++) outcome.r[n] |= registers[t][i].r[n];
        }
        if (shape->shows_memory) outcome.x = cells[i].x, outcome.y = cells[i].y;
        count(thread->result, &outcome);
        if (shape->interesting(&outcome)) thread->result->interesting++;
        cells[i].x = cells[i].y = 0;
    }
}

static void run_thread(void *argument) {
    const struct thread *thread = argument;
    const struct litmus_shape *shape = thread->shape;
    u64 step = 0;
    for (u64 batch = 0; batch < thread->batches; batch++) {
        u64 size = batch + 1 == thread->batches ? thread->last_batch : BATCH;
        barrier(shape->threads);
        for (u64 i = 0; i < size; i++) {
            meet(thread, ++step);
            shape->thread[thread->number](thread->variant, &cells[i], registers[thread->number][i].r);
        }
        barrier(shape->threads);
        if (thread->number == 0) collect(thread, size);
    }
}

void litmus_run(const struct litmus_shape *shape, enum litmus_variant variant, u64 iterations, struct litmus_result *result) {
    static struct thread threads[LITMUS_MAX_THREADS];
    *result = (struct litmus_result){0};
    arrived.value = 0;
    for (u32 t = 0; t < LITMUS_MAX_THREADS; t++) {
        position[t].value = 0;
        for (u32 i = 0; i < BATCH; i++) registers[t][i] = (struct registers){0};
        threads[t] = (struct thread){shape, variant, t, (iterations + BATCH - 1) / BATCH, (iterations - 1) % BATCH + 1, result};
    }
    result->complete = jobs_run(shape->threads, run_thread, threads, sizeof threads[0]);
}
