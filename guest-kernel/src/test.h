/*
 * The in-kernel suite. A test is a function registered by SUITE_TEST in any file; "tests=all" or "tests=NAME,NAME" on the
 * command line runs them on the boot CPU, one line each in TAP 14, then "# N passed, N failed", and ends
 * through isa-debug-exit (port exit=PORT or 0xF4, value 10h for success, 11h for failure), else by ACPI.
 */
#ifndef TEST_H
#define TEST_H

#include "format.h"

struct suite_test {
    const char *name;  /* for the command line */
    const char *title; /* a sentence */
    void (*run)(void);
    u32 order; /* lower runs first */
};

/* SUITE_TEST(lock_stress, 40, "locked increments from all CPUs lose nothing") { TEST_CHECK(sum == expected, "sum is %lu", sum); } */
#define SUITE_TEST(test_name, test_order, test_title)                                              \
    static void test_##test_name(void);                                                            \
    __attribute__((used, section(".suite_tests"), aligned(8))) static const struct suite_test      \
        suite_##test_name = {#test_name, test_title, test_##test_name, test_order};                \
    static void test_##test_name(void)

/* Notes a failure with a sentence of its own; the test goes on. */
#define TEST_CHECK(condition, ...)                                                                 \
    do {                                                                                           \
        if (!(condition)) test_fail(__FILE__, __LINE__, __VA_ARGS__);                              \
    } while (0)
/* The same, and leaves the function. */
#define TEST_REQUIRE(condition, ...)                                                               \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            test_fail(__FILE__, __LINE__, __VA_ARGS__);                                            \
            return;                                                                                \
        }                                                                                          \
    } while (0)

FORMAT_CHECKED(3) void test_fail(const char *file, int line, const char *format, ...);
/* Says why this machine cannot run the test; then return. */
FORMAT_CHECKED(1) void test_skip(const char *format, ...);
/* A measured figure, as a TAP comment: "# figure: NAME = VALUE UNIT (N CPUs)". */
void test_figure(const char *name, u64 value, const char *unit);
FORMAT_CHECKED(1) void test_comment(const char *format, ...);

/* True where the command line asks for tests. */
bool suite_asked(void);
/*
 * Runs what is asked for in two parts: tests of the machine below SUITE_SCHEDULED, while the CPUs only poll for work, the others
 * in a task, with the scheduler at work.
 */
#define SUITE_SCHEDULED 100
void suite_begin(void);
void suite_run_below(u32 order);
/* True when nothing failed. */
bool suite_end(void);

#endif
