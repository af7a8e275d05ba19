/* SDM Vol. 3A, "Exception and Interrupt Reference", "Error Code". */
#include "irq.h"
#include "probe.h"

#define BAD_SELECTOR 0x1238 /* beyond the GDT */

static struct probe probe;

/* The instruction's address is told, so that precise RIPs can be checked. */
static u64 expected_rip;

#define CASE(name, code)                                                                           \
    static void name(void *argument) {                                                             \
        (void)argument;                                                                            \
        asm volatile("lea 1f(%%rip), %%rax; mov %%rax, %0; xor %%edx, %%edx; mov $1, %%eax; xor %%ecx, %%ecx; 1: " code \
                     : "=m"(expected_rip)                                                          \
                     :                                                                             \
                     : "rax", "rcx", "rdx", "memory", "cc");                                       \
    }

CASE(divide_by_zero, "div %%ecx")
CASE(divide_overflow, "mov $1, %%edx; mov $1, %%ecx; div %%ecx")
CASE(undefined, "ud2")
CASE(breakpoint, "int3")
CASE(bad_selector, "mov $0x1238, %%ecx; mov %%ecx, %%ds")
CASE(non_canonical_load, "movabs $0x8000000000000000, %%rcx; mov (%%rcx), %%al")
CASE(non_canonical_stack, "mov %%rbp, %%rdx; movabs $0x8000000000000000, %%rbp; mov 0(%%rbp), %%al; mov %%rdx, %%rbp")
CASE(non_canonical_base, "mov $0xC0000100, %%ecx; mov $0x80000000, %%edx; wrmsr")
CASE(reserved_cr8, "mov $0x7FFFFFFF, %%ecx; mov %%rcx, %%cr8")
CASE(locked_register, ".byte 0xF0, 0x90")
CASE(misaligned_16b, "lea -136(%%rsp), %%rdx; and $-16, %%rdx; .byte 0x48, 0x0F, 0xC7, 0x4A, 0x08")
CASE(long_instruction, ".byte 0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x90")

static void expect(void (*code)(void *), u8 vector, u64 error, const char *what) {
    bool caught = probe_run(&probe, code, NULL);
    tap_check(caught && probe.frame.vector == vector && probe.frame.error == error,
              "%s: vector %lu, error code %lx", what, caught ? probe.frame.vector : 0xFFF, caught ? probe.frame.error : 0);
}

static void test_vectors(void) {
    expect(divide_by_zero, VECTOR_DE, 0, "division by zero is #DE");
    tap_check(probe.frame.rip == expected_rip, "a fault's RIP is the instruction's");
    expect(divide_overflow, VECTOR_DE, 0, "a quotient that does not fit is #DE");
    expect(undefined, VECTOR_UD, 0, "UD2 is #UD");
    tap_check(probe.frame.rip == expected_rip, "its RIP is the instruction's");
    expect(breakpoint, VECTOR_BP, 0, "INT3 is #BP");
    tap_check(probe.frame.rip == expected_rip + 1, "a trap's RIP is behind the instruction");
    expect(bad_selector, VECTOR_GP, BAD_SELECTOR, "a selector beyond the GDT is #GP(selector)");
    expect(non_canonical_load, VECTOR_GP, 0, "a non-canonical address is #GP(0)");
    expect(non_canonical_stack, VECTOR_SS, 0, "a non-canonical address based on RBP is #SS(0)");
    expect(non_canonical_base, VECTOR_GP, 0, "WRMSR of a non-canonical FS base is #GP(0)");
    wrmsr(MSR_FS_BASE, 0); /* in case it was let through */
    expect(reserved_cr8, VECTOR_GP, 0, "reserved bits of CR8 are #GP(0)");
    write_cr8(0);
    expect(locked_register, VECTOR_UD, 0, "LOCK before an instruction that cannot be locked is #UD");
    expect(misaligned_16b, VECTOR_GP, 0, "CMPXCHG16B off a 16-byte boundary is #GP(0)");
    expect(long_instruction, VECTOR_GP, 0, "an instruction of 16 bytes is #GP(0)");
}

CASE(x87, "fnop")

static void test_task_switched(void) {
    u64 cr0 = read_cr0();
    write_cr0(cr0 | CR0_TS);
    expect(x87, VECTOR_NM, 0, "x87 with CR0.TS is #NM");
    write_cr0(cr0);
}

static u32 steps;
static u64 step_rips[8];

static void on_debug(struct trap_frame *frame) {
    if (steps < ARRAY_LENGTH(step_rips)) step_rips[steps] = frame->rip;
    if (++steps == 3) frame->rflags &= ~RFLAGS_TF;
}

static void test_single_step(void) {
    u64 first;
    steps = 0;
    trap_set_handler(VECTOR_DB, on_debug);
    asm volatile("lea 1f(%%rip), %0\n"
                 "pushfq\n"
                 "orq $0x100, (%%rsp)\n"
                 "popfq\n"
                 "1: nop\n"
                 "nop\n"
                 "nop\n"
                 "nop\n"
                 : "=r"(first)
                 :
                 : "memory", "cc");
    trap_set_handler(VECTOR_DB, NULL);
    tap_check(steps == 3 && step_rips[0] == first + 1 && step_rips[2] == first + 3,
              "TF traps behind each instruction, first behind the one after POPF");
}

void test_faults(void) {
    test_vectors();
    test_task_switched();
    test_single_step();
}
