/* Frames, stacks and address spaces, from inside the kernel. */
#include "memory.h"

#include "boot.h"
#include "cpu.h"
#include "paging.h"
#include "probe.h"
#include "sched.h"
#include "smp.h"
#include "space.h"
#include "stack.h"
#include "test.h"
#include "x86.h"

#define ROUNDS 60
#define HELD 12
#define USER_PLACE 0x10000000UL

static u64 clashes; /* atomic */

/* Writes its mark into frames that it holds and finds it again, while all others do the same. */
static void hold_frames(void *argument) {
    u64 mark = (u64)argument + 1;
    for (u32 round = 0; round < ROUNDS; round++) {
        u64 frames[HELD];
        for (u32 i = 0; i < HELD; i++) {
            frames[i] = frame_alloc();
            volatile u64 *word = phys_to_hhdm(frames[i]);
            if (*word != 0) __atomic_fetch_add(&clashes, 1, __ATOMIC_RELAXED);
            *word = mark;
        }
        for (u32 i = 0; i < HELD; i++) {
            volatile u64 *word = phys_to_hhdm(frames[i]);
            if (*word != mark) __atomic_fetch_add(&clashes, 1, __ATOMIC_RELAXED);
            frame_release(frames[i]);
        }
    }
}

SUITE_TEST(frames, 100, "no frame has two owners, and all come back") {
    struct task *tasks[2 * MAX_CPUS];
    u32 count = 0;
    clashes = 0;
    u64 before = memory_free() + memory_kept();
    FOR_EACH_ONLINE_CPU(cpu) tasks[count] = task_spawn("frames", hold_frames, (void *)(u64)count), count++;
    for (u32 i = 0; i < count; i++) task_join(tasks[i]);
    u64 after = memory_free() + memory_kept();
    TEST_CHECK(clashes == 0, "%lu frames held what others wrote", clashes);
    TEST_CHECK(after == before, "%ld bytes are gone", (i64)(before - after));
}

static void write_to(void *address) { *(volatile u8 *)address = 1; }

SUITE_TEST(guard_pages, 101, "below every stack lies a page that nobody can write to") {
    static struct probe probe;
    u64 bottom = task_current()->stack_top - STACK_PAGES * PAGE_SIZE;
    TEST_CHECK(stack_is_guard(bottom - 1) && !stack_is_guard(bottom), "the guard page is not where it should be");
    u64 flags = irq_save(); /* a probe belongs to a CPU */
    bool caught = probe_run(&probe, write_to, (void *)(bottom - 8));
    irq_restore(flags);
    TEST_CHECK(caught && probe.frame.vector == VECTOR_PF && probe.cr2 == bottom - 8, "a write below the stack went through");
    write_to((void *)bottom);
    FOR_EACH_ONLINE_CPU(cpu) {
        const u64 tops[] = {cpus[cpu].idle->stack_top, cpus[cpu].tss.ist[IST_DOUBLE_FAULT], cpus[cpu].tss.ist[IST_NMI],
                            cpus[cpu].tss.ist[IST_MACHINE_CHECK]};
        for (u32 i = 0; i < ARRAY_LENGTH(tops); i++) {
            u64 below = tops[i] - STACK_PAGES * PAGE_SIZE - 1;
            TEST_CHECK(stack_is_guard(below) && (*page_entry(below) & PTE_PRESENT) == 0, "CPU %u: no guard page at %lx", cpu, below);
        }
    }
}

SUITE_TEST(demand_zero, 102, "memory costs a page when it is touched, and that page is zero") {
    struct space *space = space_create();
    TEST_REQUIRE(space != NULL && space_map_at(space, USER_PLACE, 1UL << 30, AREA_READ | AREA_WRITE), "no space");
    u64 word = 1, marked = 0x1234;
    TEST_CHECK(space_resident(space) == 0, "%lu pages before any was touched", space_resident(space));
    TEST_CHECK(space_read(space, &word, USER_PLACE + (512UL << 20), sizeof word) && word == 0, "it read %lx", word);
    TEST_CHECK(space_write(space, USER_PLACE + PAGE_SIZE - 4, &marked, sizeof marked), "it cannot be written over a page end");
    TEST_CHECK(space_read(space, &word, USER_PLACE + PAGE_SIZE - 4, sizeof word) && word == marked, "it read %lx", word);
    TEST_CHECK(space_resident(space) == 3, "%lu pages instead of 3", space_resident(space));
    TEST_CHECK(!space_read(space, &word, USER_PLACE - 8, sizeof word), "memory outside of all areas can be read");
    space_release(space);
}

SUITE_TEST(sharing, 103, "a fork shares pages until one side writes, and the last owner copies nothing") {
    u64 before = memory_free(), word = 7;
    struct space *parent = space_create();
    TEST_REQUIRE(parent != NULL && space_map_at(parent, USER_PLACE, 16 * PAGE_SIZE, AREA_READ | AREA_WRITE), "no space");
    for (u64 page = 0; page < 16; page++) space_write(parent, USER_PLACE + page * PAGE_SIZE, &page, sizeof page);
    struct space *child = space_fork(parent);
    TEST_REQUIRE(child != NULL, "no fork");
    u64 shared = memory_free();
    space_write(child, USER_PLACE + 3 * PAGE_SIZE, &word, sizeof word);
    TEST_CHECK(shared - memory_free() == PAGE_SIZE, "a write cost %ld bytes", (i64)(shared - memory_free()));
    TEST_CHECK(space_read(parent, &word, USER_PLACE + 3 * PAGE_SIZE, sizeof word) && word == 3, "the parent sees %lu", word);
    space_release(parent);
    u64 alone = memory_free();
    space_write(child, USER_PLACE + 5 * PAGE_SIZE, &word, sizeof word);
    TEST_CHECK(memory_free() == alone, "the last owner's write cost %ld bytes", (i64)(alone - memory_free()));
    TEST_CHECK(space_read(child, &word, USER_PLACE + 9 * PAGE_SIZE, sizeof word) && word == 9, "the child sees %lu", word);
    space_release(child);
    TEST_CHECK(memory_free() == before, "%ld bytes are gone", (i64)(before - memory_free()));
}

SUITE_TEST(rights, 104, "rights of user memory hold for the kernel's copies, too") {
    struct space *space = space_create();
    TEST_REQUIRE(space != NULL && space_map_at(space, USER_PLACE, 4 * PAGE_SIZE, AREA_READ | AREA_WRITE), "no space");
    u64 word = 5;
    TEST_CHECK(space_write(space, USER_PLACE, &word, sizeof word), "it cannot be written");
    TEST_CHECK(space_protect(space, USER_PLACE, PAGE_SIZE, AREA_READ), "its rights cannot be changed");
    TEST_CHECK(!space_write(space, USER_PLACE, &word, sizeof word), "read-only memory was written");
    TEST_CHECK(!space_write(space, USER_PLACE + PAGE_SIZE - 4, &word, sizeof word - 8 + 3), "read-only memory was written");
    TEST_CHECK(space_read(space, &word, USER_PLACE, sizeof word) && word == 5, "it read %lu", word);
    TEST_CHECK(!space_map_at(space, USER_END, PAGE_SIZE, AREA_READ) && !space_map_at(space, 0, PAGE_SIZE, AREA_READ), "a wild place was mapped");
    TEST_CHECK(!space_map_at(space, USER_END - PAGE_SIZE, ~0UL - PAGE_SIZE, AREA_READ), "a wild length was mapped");
    TEST_CHECK(!space_protect(space, USER_PLACE, 5 * PAGE_SIZE, AREA_READ), "rights reach beyond the area");
    space_release(space);
}
