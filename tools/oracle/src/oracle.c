/*
 * Executes single instructions on this computer's processor, each from a state that the verifier gives, and reports the state it
 * leaves or the exception it raises.
 *
 * An instruction stands in code pages at a fixed address and is followed by a jump to enter.S, so that one that does not fault
 * costs no signal. A fault, or the single-step trap that cases with CASE_STEP end by, becomes a signal, whose context has the
 * vector, the error code and CR2; the handler notes them and sends the context on to the same way out.
 *
 * While a case runs, FS and GS have its bases: neither the handler nor anything it calls may touch thread-local storage.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include "protocol.h"

#define RFLAGS_FIXED 0x202ul
#define RFLAGS_TF 0x100ul
#define XSAVE_HEADER 512
#define XSAVE_AVX 576
#define HWCAP2_FSGSBASE_BIT 2ul

struct machine_state { /* enter.S knows these offsets */
    uint64_t rip, cs, rflags, rsp, ss;
    uint64_t registers[16];
    uint64_t fs_base, gs_base;
    uint16_t selectors[4];
    uint64_t fs_selector; /* on entry; on exit its low half holds those of FS and GS */
};

extern struct machine_state state;
extern uint8_t extended[4096];
void enter_case(void);
void leave_case(void);

static const uint64_t data_pages[] = {DATA_BASE,          DATA_BASE + PAGE, DATA_BASE + 3 * PAGE,
                                      DATA_BASE + 4 * PAGE, TOP_PAGE,         TOP_PAGE + PAGE};
#define DATA_PAGES (sizeof data_pages / sizeof data_pages[0])
#define READ_ONLY_PAGE 3

static uint8_t *writable_code, *way_out;
static uint8_t *writable_page[DATA_PAGES]; /* the data pages once more, writable all */
static uint8_t pattern[DATA_PAGES][PAGE];
static struct test_case *cases;
static struct result current;
static volatile int running;
static volatile uint64_t started, seen_by_alarm;

static void die(const char *what) {
    fprintf(stderr, "oracle: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void on_signal(int number, siginfo_t *info, void *context) {
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    (void)info;
    __asm__ volatile("pushfq; andl $~0x40000, (%%rsp); popfq" ::: "cc", "memory"); /* the kernel leaves AC as it was */
    if (number == SIGALRM) {
        if (!running || seen_by_alarm != started) {
            seen_by_alarm = started;
            return;
        }
    } else if (!running) {
        static const char text[] = "oracle: a fault outside a case\n";
        ssize_t ignored = write(2, text, sizeof text - 1);
        (void)ignored;
        _exit(3);
    }
    running = 0;
    current.how = number == SIGALRM ? TIMED_OUT : FAULTED;
    current.vector = (uint32_t)registers[REG_TRAPNO];
    current.error_code = (uint64_t)registers[REG_ERR];
    current.cr2 = (uint64_t)registers[REG_CR2];
    current.rip = (uint64_t)registers[REG_RIP];
    current.rflags = (uint64_t)registers[REG_EFL];
    registers[REG_RIP] = (greg_t)leave_case;
    registers[REG_EFL] = RFLAGS_FIXED;
    registers[REG_CSGSFS] = (registers[REG_CSGSFS] & ~0xffffl) | USER_CODE64;
}

static void catch_signals(void) {
    static uint8_t signal_stack[1 << 18];
    stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
    static const int numbers[] = {SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGBUS, SIGSYS, SIGALRM};
    struct itimerval every_second = {{1, 0}, {1, 0}};
    struct sigaction action;

    if (sigaltstack(&stack, NULL) != 0)
        die("sigaltstack");
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (sigaction(numbers[i], &action, NULL) != 0)
            die("sigaction");
    if (setitimer(ITIMER_REAL, &every_second, NULL) != 0)
        die("setitimer");
}

/* Maps memory at a fixed address with the given rights, and once more, writable, wherever there is room. */
static uint8_t *map_twice(uint64_t address, size_t size, int rights) {
    int file = memfd_create("oracle", MFD_CLOEXEC);
    void *there, *writable;

    if (file < 0 || ftruncate(file, (off_t)size) != 0)
        die("memfd_create");
    there = mmap((void *)address, size, rights, MAP_SHARED | MAP_FIXED_NOREPLACE | MAP_POPULATE, file, 0);
    if (there != (void *)address)
        die("a page at a fixed address");
    writable = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
    if (writable == MAP_FAILED)
        die("mmap");
    close(file);
    return writable;
}

/* Content of the data area between cases; the Java side computes the same. */
static void fill_pattern(void) {
    uint64_t seed = 0x9e3779b97f4a7c15ul;

    for (size_t page = 0; page < DATA_PAGES; page++)
        for (size_t i = 0; i < PAGE; i += 8) {
            seed = seed * 6364136223846793005ul + 1442695040888963407ul;
            uint64_t word = seed ^ seed >> 29;
            memcpy(pattern[page] + i, &word, 8);
        }
}

/* Brings the pages of the cases in: a page that is not there yet would show in the error code of a violation. */
static void touch(void) {
    for (size_t i = 0; i < DATA_PAGES; i++)
        (void)*(volatile uint8_t *)data_pages[i];
    for (size_t i = 0; i < CODE_PAGES; i++)
        (void)*(volatile uint8_t *)(CODE_BASE + i * PAGE);
}

static void map_memory(void) {
    way_out = map_twice(EXIT_BASE, PAGE, PROT_READ | PROT_EXEC);
    uint64_t target = (uint64_t)leave_case;

    memset(way_out, 0xcc, PAGE);
    memcpy(way_out, "\xff\x25\x02\x00\x00\x00", 6); /* JMP [RIP + 2]: aligned, for cases with RFLAGS.AC */
    memcpy(way_out + 8, &target, sizeof target);
    writable_code = map_twice(CODE_BASE, CODE_PAGES * PAGE, PROT_READ | PROT_EXEC);
    memset(writable_code, 0xcc, CODE_PAGES * PAGE);
    fill_pattern();
    for (size_t i = 0; i < DATA_PAGES; i++) {
        writable_page[i] = map_twice(data_pages[i], PAGE, i == READ_ONLY_PAGE ? PROT_READ : PROT_READ | PROT_WRITE);
        memcpy(writable_page[i], pattern[i], PAGE);
    }
}

/* The address through which a byte of the data area can be written, or NULL. */
static uint8_t *writable(uint64_t address) {
    for (size_t i = 0; i < DATA_PAGES; i++)
        if (address - data_pages[i] < PAGE)
            return writable_page[i] + (address - data_pages[i]);
    return NULL;
}

static void apply(const struct patch *patch) {
    for (uint32_t i = 0; i < patch->length && i < PATCH_BYTES; i++) {
        uint8_t *byte = writable(patch->address + i);
        if (byte != NULL)
            *byte = patch->bytes[i];
    }
}

static void prepare(const struct test_case *test) {
    int code32 = (test->flags & CASE_CODE32) != 0;

    for (uint32_t i = 0; i < test->patch_count && i < MAX_PATCHES; i++)
        apply(&test->patches[i]);
    state.rip = CODE_BASE + test->code_offset;
    state.cs = code32 ? USER_CODE32 : USER_CODE64;
    state.rflags = test->rflags | (test->flags & CASE_STEP ? RFLAGS_TF : 0);
    state.rsp = test->registers[4];
    state.ss = USER_DATA;
    memcpy(state.registers, test->registers, sizeof state.registers);
    state.fs_base = test->fs_base;
    state.gs_base = test->gs_base;
    state.fs_selector = code32 ? USER_DATA : 0;
    memset(extended, 0, XSAVE_AVX);
    memcpy(extended, test->vectors.legacy, sizeof test->vectors.legacy);
    extended[XSAVE_HEADER] = 7;
    memcpy(extended + XSAVE_AVX, test->vectors.upper, sizeof test->vectors.upper);
    memset(&current, 0, sizeof current);
}

static void collect(void) {
    memcpy(current.registers, state.registers, sizeof current.registers);
    if (current.how == LEFT)
        current.rflags = state.rflags;
    current.fs_base = state.fs_base;
    current.gs_base = state.gs_base;
    memcpy(current.selectors, state.selectors, sizeof state.selectors);
    memcpy(current.selectors + 4, &state.fs_selector, 4);
    memcpy(current.vectors.legacy, extended, sizeof current.vectors.legacy);
    if (extended[XSAVE_HEADER] & 4)
        memcpy(current.vectors.upper, extended + XSAVE_AVX, sizeof current.vectors.upper);
}

static void write_all(const void *data, size_t size) {
    if (fwrite(data, 1, size, stdout) != size)
        die("write");
}

/* Reports the blocks of the data area that differ from the pattern, and restores them. */
static void report(void) {
    static struct block blocks[DATA_PAGES * PAGE / BLOCK];

    current.block_count = 0;
    for (size_t page = 0; page < DATA_PAGES; page++) {
        if (memcmp(writable_page[page], pattern[page], PAGE) == 0)
            continue;
        for (size_t i = 0; i < PAGE; i += BLOCK)
            if (memcmp(writable_page[page] + i, pattern[page] + i, BLOCK) != 0) {
                struct block *block = &blocks[current.block_count++];
                block->address = data_pages[page] + i;
                memcpy(block->bytes, writable_page[page] + i, BLOCK);
                memcpy(writable_page[page] + i, pattern[page] + i, BLOCK);
            }
    }
    write_all(&current, sizeof current);
    write_all(blocks, current.block_count * sizeof blocks[0]);
}

static void execute(const struct test_case *test) {
    prepare(test);
    started++;
    running = 1;
    enter_case();
    running = 0;
    collect();
    report();
}

static int read_all(void *data, size_t size) {
    return fread(data, 1, size, stdin) == size;
}

/* Answers what the verifier asks of CPUID before the first batch: leaf and subleaf, until leaf and subleaf are all ones. */
static void describe(void) {
    uint32_t hello[4] = {MAGIC, sizeof(struct test_case), sizeof(struct result), getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE_BIT};
    uint32_t wanted[2], answer[4];

    write_all(hello, sizeof hello);
    write_all(way_out, WAY_OUT_BYTES); /* instructions may read it: the other processor has to find the same there */
    fflush(stdout);
    while (read_all(wanted, sizeof wanted) && (wanted[0] & wanted[1]) != ~0u) {
        if (__get_cpuid_max(wanted[0] & 0x80000000u, NULL) < wanted[0])
            memset(answer, 0, sizeof answer);
        else
            __cpuid_count(wanted[0], wanted[1], answer[0], answer[1], answer[2], answer[3]);
        write_all(answer, sizeof answer);
    }
    fflush(stdout);
}

int main(void) {
    uint32_t count;

    map_memory();
    catch_signals();
    describe();
    cases = malloc(0);
    while (read_all(&count, sizeof count) && count != 0) {
        cases = realloc(cases, count * sizeof *cases);
        if (cases == NULL || !read_all(cases, count * sizeof *cases))
            die("a batch");
        memset(writable_code, 0xcc, CODE_PAGES * PAGE);
        for (uint32_t i = 0; i < count; i++)
            if (cases[i].code_offset + MAX_CODE <= CODE_PAGES * PAGE)
                memcpy(writable_code + cases[i].code_offset, cases[i].code, cases[i].code_length);
        touch();
        for (uint32_t i = 0; i < count; i++)
            execute(&cases[i]);
        fflush(stdout);
    }
    return 0;
}
