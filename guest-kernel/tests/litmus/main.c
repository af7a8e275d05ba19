/*
 * Prints for each shape and variant: LITMUS name iterations outcome=count ..., and whether a forbidden outcome was seen.
 * An allowed outcome need not appear. Command line: iters=N (100000), only=SHAPE.
 */
#include "cmdline.h"
#include "jobs.h"
#include "kernel.h"
#include "litmus.h"
#include "log.h"
#include "tap.h"

#define DEFAULT_ITERATIONS 100000

static const char *const variant_names[LITMUS_VARIANTS] = {"", "+mfence", "+locked"};

static void print_result(const char *name, u64 iterations, const struct litmus_shape *shape, const struct litmus_result *result) {
    static char line[2048];
    size_t at = 0;
    for (u32 i = 0; i < result->kinds; i++) {
        const struct litmus_outcome *o = &result->seen[i].outcome;
        at += format_text(line + at, sizeof line - at, " ");
        for (u32 n = 0; n < shape->registers; n++) {
            at += format_text(line + at, sizeof line - at, "%sr%u:%lu", n == 0 ? "" : ",", n, o->r[n]);
        }
        if (shape->shows_memory) {
            at += format_text(line + at, sizeof line - at, "%sx:%lu,y:%lu", shape->registers == 0 ? "" : ",", o->x, o->y);
        }
        at += format_text(line + at, sizeof line - at, "=%lu", result->seen[i].times);
    }
    print("LITMUS %s %lu", name, iterations);
    for (size_t shown = 0; shown < at; shown += 200) {
        char piece[201];
        format_text(piece, sizeof piece, "%s", line + shown);
        print("%s", piece);
    }
    print("\n");
}

static void run(const struct litmus_shape *shape, enum litmus_variant variant, u64 iterations, u32 cpu_count) {
    static struct litmus_result result;
    char name[24];
    format_text(name, sizeof name, "%s%s", shape->name, variant_names[variant]);
    if (cpu_count < shape->threads) {
        tap_skip("%s needs %u CPUs", name, shape->threads);
        return;
    }
    litmus_run(shape, variant, iterations, &result);
    print_result(name, iterations, shape, &result);
    if (!result.complete) {
        tap_check(false, "%s: a CPU did not finish", name);
    } else if (shape->allowed[variant]) {
        tap_check(true, "%s: %s is allowed, seen %lu times", name, shape->interesting_text, result.interesting);
    } else {
        tap_check(result.interesting == 0, "%s: forbidden %s seen %lu times", name, shape->interesting_text, result.interesting);
    }
}

__attribute__((noreturn)) void kernel_entry(void) {
    kernel_init();
    u64 iterations = cmdline_number("iters", DEFAULT_ITERATIONS);
    if (iterations == 0) iterations = DEFAULT_ITERATIONS;
    char only[16];
    bool all = !cmdline_text("only", only, sizeof only);
    u32 cpu_count = jobs_start();
    for (u32 i = 0; i < litmus_shape_count; i++) {
        const struct litmus_shape *shape = &litmus_shapes[i];
        if (!all && !cmdline_is("only", shape->name)) continue;
        for (u32 variant = 0; variant < LITMUS_VARIANTS; variant++) run(shape, variant, iterations, cpu_count);
    }
    tap_done();
}
