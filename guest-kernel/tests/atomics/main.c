/*
 * No update is lost: several CPUs count with locked instructions on one operand. SDM Vol. 3A, "Locked Atomic Operations": a locked
 * access is atomic wherever it lies, also across cache lines and pages.
 * Command line: iters=N (per CPU, operation and place; 10000), only=NAME.
 */
#include "atomics.h"
#include "cmdline.h"
#include "jobs.h"
#include "kernel.h"
#include "log.h"
#include "memory.h"
#include "paging.h"
#include "string.h"
#include "tap.h"

#define DEFAULT_ITERATIONS 10000
#define MAX_WORKERS 4
#define AREA 0x0000100000000000UL /* lower half, free since base revision 1 */

struct place {
    const char *name;
    u32 offset; /* into two pages that follow each other virtually but not physically */
};

static const struct place places[] = {
    {"aligned", 0x40},           {"misaligned within 8 bytes", 0x81},  {"across 8 bytes", 0xC5},
    {"across a cache line", 0x13D}, {"across a page end", 0xFFD},
};

struct work {
    const struct atomic_operation *operation;
    u8 *at;
    u64 iterations;
};

static u64 frames[2];

/* The frame between the two is given out and left alone, so that they are no neighbours. */
static void map_area(void) {
    u8 *pages = pages_alloc(3);
    for (u32 i = 0; i < 2; i++) {
        frames[i] = virt_to_phys(pages + 2 * i * PAGE_SIZE);
        page_map(AREA + i * PAGE_SIZE, frames[i], PTE_PRESENT | PTE_WRITE | PTE_NO_EXECUTE);
    }
}

static void work(void *argument) {
    const struct work *mine = argument;
    for (u64 i = 0; i < mine->iterations; i++) mine->operation->increment(mine->at);
}

static void run(const struct atomic_operation *operation, const struct place *place, u32 workers, u64 iterations) {
    struct work all[MAX_WORKERS];
    u8 *at = (u8 *)AREA + place->offset;
    memset((void *)AREA, 0, 2 * PAGE_SIZE);
    for (u32 i = 0; i < workers; i++) all[i] = (struct work){operation, at, iterations};
    bool complete = jobs_run(workers, work, all, sizeof all[0]);
    u64 expected = iterations * workers & operation->mask;
    u64 found = operation->value(at);
    bool around = at[-1] == 0 && at[operation->size] == 0;
    tap_check(complete && found == expected && around, "%s %s: %lu of %lu counted by %u CPUs%s", operation->name, place->name,
              found, expected, workers, around ? "" : ", neighbouring bytes changed");
}

static bool fits(const struct atomic_operation *operation, const struct place *place) {
    return place->offset % operation->alignment == 0;
}

__attribute__((noreturn)) void kernel_entry(void) {
    kernel_init();
    char only[16];
    bool all = !cmdline_text("only", only, sizeof only);
    u64 iterations = cmdline_number("iters", DEFAULT_ITERATIONS);
    u32 cpu_count = jobs_start();
    u32 workers = cpu_count < MAX_WORKERS ? cpu_count : MAX_WORKERS;
    map_area();
    for (u32 i = 0; i < atomic_operation_count; i++) {
        const struct atomic_operation *operation = &atomic_operations[i];
        if (!all && !cmdline_is("only", operation->name)) continue;
        for (u32 p = 0; p < ARRAY_LENGTH(places); p++) {
            if (fits(operation, &places[p])) run(operation, &places[p], workers, iterations);
        }
    }
    tap_done();
}
