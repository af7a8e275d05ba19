/* Programs in ring 3, on all CPUs at once. */
#include "elf.h"
#include "memory.h"
#include "process.h"
#include "program.h"
#include "sched.h"
#include "smp.h"
#include "stack.h"
#include "string.h"
#include "test.h"
#include "trap.h"

#define MAX_RUNS 64

static struct task *runs[MAX_RUNS]; /* by the suite's task only */

/* Runs so many copies at once, with the arguments "0", "1" and so on or the one given; counts those with another status. */
static u32 run_many(const char *program, const char *argument, u32 count, i64 expected) {
    u32 wrong = 0;
    for (u32 i = 0; i < count; i++) {
        char number[8];
        format_text(number, sizeof number, "%u", i);
        runs[i] = process_start(program, argument != NULL ? argument : number);
    }
    for (u32 i = 0; i < count; i++) {
        i64 status = runs[i] == NULL ? -1 : task_join(runs[i]);
        if (status == expected) continue;
        wrong++;
        test_comment("%s number %u ended with status %ld", program, i, status);
    }
    return wrong;
}

static u32 per_cpu(u32 each, u32 most) { return smp_online_count() * each < most ? smp_online_count() * each : most; }

SUITE_TEST(syscalls, 130, "every system call does what it says, on all CPUs at once, by SYSCALL and by INT 80h") {
    u32 wrong = run_many("calls", "", per_cpu(1, 8), 0);
    TEST_CHECK(wrong == 0, "%u of %u programs found a fault", wrong, per_cpu(1, 8));
}

SUITE_TEST(migration, 131, "processes move from CPU to CPU and stay what they are") {
    i64 visits = 4 * smp_online_count();
    u32 wrong = run_many("migrate", "4", per_cpu(2, 16), visits);
    TEST_CHECK(wrong == 0, "%u of %u processes went astray", wrong, per_cpu(2, 16));
}

SUITE_TEST(fork_across, 132, "parent and children of a fork run on different CPUs, each in memory of its own") {
    i64 different = process_run("forks", "24");
    TEST_CHECK(different >= 1, "status %ld", different);
    TEST_CHECK(different >= 2 || smp_online_count() == 1, "all children ran on one CPU");
    u32 wrong = 0;
    for (u32 i = 0; i < per_cpu(1, 6); i++) runs[i] = process_start("forks", "6");
    for (u32 i = 0; i < per_cpu(1, 6); i++) wrong += runs[i] == NULL || task_join(runs[i]) < 1;
    TEST_CHECK(wrong == 0, "%u forking programs failed", wrong);
}

SUITE_TEST(fork_burst, 133, "300 ms after a burst of forks on one CPU, no two queues differ by more than 2") {
    struct cpu_mask one = cpu_mask_of(0);
    struct task *burst = process_create("burst", "30", &one);
    TEST_REQUIRE(burst != NULL, "the program does not start");
    sched_wake(burst);
    i64 status = task_join(burst);
    TEST_CHECK(status >= 0 && status <= IMBALANCE_ALLOWED, "the queues differ by %ld", status);
}

static const struct {
    const char *deed;
    u8 vector;
} deeds[] = {
    {"null", VECTOR_PF},         {"kernel-read", VECTOR_PF},  {"kernel-write", VECTOR_PF}, {"text-write", VECTOR_PF},
    {"constant-write", VECTOR_PF}, {"execute-data", VECTOR_PF}, {"noncanonical", VECTOR_GP}, {"cli", VECTOR_GP},
    {"hlt", VECTOR_GP},          {"out", VECTOR_GP},          {"wrmsr", VECTOR_GP},        {"cr3", VECTOR_GP},
    {"divide", VECTOR_DE},       {"undefined", VECTOR_UD},    {"int", VECTOR_GP},          {"stack", VECTOR_PF},
    {"unmapped", VECTOR_PF},     {"read-only", VECTOR_PF},
};

SUITE_TEST(protection, 134, "a program that reaches for what is not its own ends, and nobody else does") {
    struct task *bystander = process_start("spin", "100");
    for (u32 i = 0; i < ARRAY_LENGTH(deeds); i++) {
        i64 status = process_run("protect", deeds[i].deed);
        TEST_CHECK(status == STATUS_EXCEPTION(deeds[i].vector), "%s: status %ld", deeds[i].deed, status);
    }
    TEST_CHECK(bystander != NULL && task_join(bystander) == 0, "a bystander came to harm");
}

SUITE_TEST(shootdown, 135, "no CPU uses an old translation once a page was replaced") {
    i64 status = process_run("shoot", "400");
    TEST_CHECK(status == 0, "status %ld: a page of an earlier round was read", status);
    TEST_CHECK(run_many("shoot", "60", per_cpu(1, 4), 0) == 0, "with several address spaces at once");
}

SUITE_TEST(copy_on_write, 136, "a fork among writing threads is a snapshot, and no write is lost") {
    i64 status = process_run("snapshot", "25");
    TEST_CHECK(status == 0, "status %ld", status);
    TEST_CHECK(run_many("snapshot", "8", per_cpu(1, 3), 0) == 0, "with several at once");
}

SUITE_TEST(fpu, 137, "x87, SSE and AVX registers stay with their process through switches and moves") {
    u32 wrong = run_many("fpu", NULL, per_cpu(3, 24), 0);
    TEST_CHECK(wrong == 0, "%u of %u processes lost numbers", wrong, per_cpu(3, 24));
}

SUITE_TEST(kill, 138, "a process that computes or sleeps can be ended from another CPU") {
    TEST_CHECK(run_many("spin", "40", per_cpu(1, 8), 0) == 0, "a killed child did not end");
}

SUITE_TEST(no_leak, 139, "programs leave no memory behind") {
    u64 before = memory_free() + memory_kept(), stacks = stack_count();
    u32 tasks = task_count();
    for (u32 i = 0; i < 3; i++) {
        process_run("calls", "");
        process_run("protect", "stack");
        process_run("shoot", "5");
    }
    u64 after = memory_free() + memory_kept();
    TEST_CHECK(after == before, "%ld bytes are gone", (i64)(before - after));
    TEST_CHECK(stack_count() == stacks, "%lu stacks instead of %lu", stack_count(), stacks);
    TEST_CHECK(task_count() == tasks, "%u tasks instead of %u", task_count(), tasks);
}

static u8 damaged[0x10000];

/* A damaged file: a sentence or a space, never a panic. */
static void load_damaged(u64 size) {
    struct space *space = space_create();
    u64 entry;
    if (space == NULL) return;
    elf_load(space, damaged, size, &entry);
    space_release(space);
}

SUITE_TEST(elf, 140, "a damaged program file is refused in words, and costs nothing") {
    struct program program;
    TEST_REQUIRE(program_find("hello", &program) && program.size <= sizeof damaged, "no program 'hello' to damage");
    u64 before = memory_free() + memory_kept();
    for (u32 place = 0; place < 232; place++) {
        memcpy(damaged, program.file, program.size);
        damaged[place] ^= (u8)(0x80 >> place % 8);
        load_damaged(program.size);
        damaged[place] = 0xFF;
        load_damaged(program.size);
    }
    memcpy(damaged, program.file, program.size);
    for (u64 size = 0; size < program.size; size += 97) load_damaged(size);
    u64 after = memory_free() + memory_kept();
    TEST_CHECK(after == before, "%ld bytes are gone", (i64)(before - after));
    TEST_CHECK(process_run("no such program", "") == -1, "a program that does not exist runs");
}
