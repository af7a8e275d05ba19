/*
 * Litmus tests of the memory model: SDM Vol. 3A, "Memory Ordering"; "x86-TSO: A Rigorous and Usable Programmer's Model for x86
 * Multiprocessors". A shape is two or four small threads over two variables, and one outcome that is interesting.
 */
#ifndef LITMUS_H
#define LITMUS_H

#include "types.h"

#define LITMUS_MAX_THREADS 4
#define LITMUS_REGISTERS 4
#define LITMUS_CACHE_LINE 64

/* The variables of one iteration, each in a line of its own. */
struct litmus_cell {
    volatile u64 x __attribute__((aligned(LITMUS_CACHE_LINE)));
    volatile u64 y __attribute__((aligned(LITMUS_CACHE_LINE)));
};

/* How the threads are written. */
enum litmus_variant { PLAIN, MFENCE, LOCKED, LITMUS_VARIANTS };

/* Values of registers (each thread writes its own) and, after all threads are done, of the variables. */
struct litmus_outcome {
    u64 r[LITMUS_REGISTERS];
    u64 x, y;
};

struct litmus_shape {
    const char *name;
    u32 threads;
    u32 registers;
    bool shows_memory; /* the outcome is about final values too */
    void (*thread[LITMUS_MAX_THREADS])(enum litmus_variant variant, struct litmus_cell *cell, u64 *r);
    bool (*interesting)(const struct litmus_outcome *outcome);
    const char *interesting_text;
    bool allowed[LITMUS_VARIANTS]; /* may the interesting outcome appear */
};

extern const struct litmus_shape litmus_shapes[];
extern const u32 litmus_shape_count;

/* Runs one shape in one variant on the CPUs 0 to threads-1; times[i] counts outcome i. */
struct litmus_result {
    struct {
        struct litmus_outcome outcome;
        u64 times;
    } seen[64];
    u32 kinds;
    u64 interesting;
    bool complete; /* false: a CPU did not finish */
};

void litmus_run(const struct litmus_shape *shape, enum litmus_variant variant, u64 iterations, struct litmus_result *result);

#endif
