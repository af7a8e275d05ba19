/* Runs the registered tests, in TAP 14. Test Anything Protocol version 14, "Version", "Plan", "Test Points", "YAML Diagnostics". */
#include "cmdline.h"
#include "log.h"
#include "smp.h"
#include "string.h"
#include "test.h"

extern const struct suite_test suite_tests_begin[], suite_tests_end[]; /* linker.ld */

#define MAX_TESTS 256
#define FAILURES_TOLD 8

/* All from the CPU that runs the suite. */
static const struct suite_test *chosen[MAX_TESTS];
static u32 chosen_count;
static u32 done, passed; /* of the chosen */
static u32 failures; /* of the running test; atomic, for checks on other CPUs */
static char reason[200];
static bool skipped;

void test_fail(const char *file, int line, const char *format, ...) {
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    format_va(text, sizeof text, format, arguments);
    va_end(arguments);
    if (__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) < FAILURES_TOLD) print_line("# %s:%d: %s", file, line, text);
}

void test_skip(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    format_va(reason, sizeof reason, format, arguments);
    va_end(arguments);
    skipped = true;
}

void test_comment(const char *format, ...) {
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    format_va(text, sizeof text, format, arguments);
    va_end(arguments);
    print_line("# %s", text);
}

void test_figure(const char *name, u64 value, const char *unit) {
    print_line("# figure: %s = %lu %s (%u CPUs)", name, value, unit, smp_online_count());
}

bool suite_asked(void) {
    char text[8];
    return cmdline_text("tests", text, sizeof text);
}

/* True where the name stands in the list "a,b,c", or the list is "all". */
static bool listed(const char *list, const char *name) {
    if (strncmp(list, "all", 4) == 0) return true;
    size_t length = strlen(name);
    for (const char *at = list; *at != 0;) {
        if (strncmp(at, name, length) == 0 && (at[length] == 0 || at[length] == ',')) return true;
        while (*at != 0 && *at++ != ',') {
        }
    }
    return false;
}

static bool before(const struct suite_test *a, const struct suite_test *b) {
    return a->order != b->order ? a->order < b->order : strncmp(a->name, b->name, 64) < 0;
}

static void choose(void) {
    char list[200];
    cmdline_text("tests", list, sizeof list);
    for (const struct suite_test *test = suite_tests_begin; test < suite_tests_end && chosen_count < MAX_TESTS; test++) {
        if (!listed(list, test->name)) continue;
        u32 place = chosen_count++;
        for (; place > 0 && before(test, chosen[place - 1]); place--) chosen[place] = chosen[place - 1];
        chosen[place] = test;
    }
}

/* One line, whatever happens in the test. */
static bool run(u32 number, const struct suite_test *test) {
    failures = 0;
    skipped = false;
    test->run();
    bool passed = __atomic_load_n(&failures, __ATOMIC_ACQUIRE) == 0;
    if (skipped && passed) print_line("ok %u - %s: %s # SKIP %s", number, test->name, test->title, reason);
    else print_line("%s %u - %s: %s", passed ? "ok" : "not ok", number, test->name, test->title);
    return passed;
}

void suite_begin(void) {
    choose();
    print_line("TAP version 14");
    print_line("1..%u", chosen_count);
}

void suite_run_below(u32 order) {
    for (; done < chosen_count && chosen[done]->order < order; done++) {
        if (run(done + 1, chosen[done])) passed++;
    }
}

bool suite_end(void) {
    if (chosen_count == 0) print_line("# no test has such a name");
    print_line("# %u passed, %u failed", passed, chosen_count - passed);
    return passed == chosen_count && chosen_count > 0;
}
