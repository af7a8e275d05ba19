/* SDM Vol. 3A, "Privilege Levels", "Fast System Calls in 64-Bit Mode", "Stack Switching in IA-32e Mode". */
#include "irq.h"
#include "memory.h"
#include "paging.h"
#include "probe.h"
#include "string.h"

#define USER_CODE_PAGE 0x0000000040000000UL
#define USER_DATA_PAGE 0x0000000040002000UL
#define USER_STACK_TOP (USER_DATA_PAGE + PAGE_SIZE - 0x40)
#define FLAGS_FIXED 0x2UL
#define SYSCALL_VECTOR 0x80
#define ERROR_USER 4

void user_enter(u64 rip, u64 rsp, u64 rflags, u64 argument);
void user_return(void);
extern const u8 user_syscall_entry[], user_code[], user_code_end[];
extern const u8 user_at_syscall[], user_at_int[], user_at_spin[], user_at_cli[], user_at_out[], user_at_peek[],
    user_at_bad_int[], user_at_hlt[];
extern volatile struct {
    u64 rcx, r11, rsp;
    u64 cs, ss, rflags;
    u64 user_cs, user_ss; /* as ring 3 saw them after SYSRET */
} user_seen;

static struct probe probe;

static u64 user_address(const u8 *label) { return USER_CODE_PAGE + (u64)(label - user_code); }

static void setup(void) {
    u8 *code = pages_alloc(1), *data = pages_alloc(1);
    memcpy(code, user_code, (size_t)(user_code_end - user_code));
    page_map(USER_CODE_PAGE, virt_to_phys(code), PTE_PRESENT | PTE_USER);
    page_map(USER_DATA_PAGE, virt_to_phys(data), PTE_PRESENT | PTE_USER | PTE_WRITE | PTE_NO_EXECUTE);
    wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);
    wrmsr(MSR_STAR, (u64)(SELECTOR_USER_CODE32 | 3) << 48 | (u64)SELECTOR_KERNEL_CODE << 32);
    wrmsr(MSR_LSTAR, (u64)user_syscall_entry);
    wrmsr(MSR_FMASK, RFLAGS_IF | 1);
}

static void test_syscall(void) {
    user_enter(user_address(user_at_syscall), USER_STACK_TOP, FLAGS_FIXED | RFLAGS_IF, 0);
    cli();
    u64 return_address = USER_CODE_PAGE + (u64)(user_at_int - user_code) - 2; /* behind the second SYSCALL: UD2 */
    tap_check(user_seen.rcx == return_address, "SYSCALL leaves the next RIP in RCX");
    tap_check((user_seen.r11 & RFLAGS_IF) != 0 && (user_seen.rflags & RFLAGS_IF) == 0, "RFLAGS in R11, and IA32_FMASK clears IF");
    tap_check((user_seen.cs & 0xFFFF) == SELECTOR_KERNEL_CODE && (user_seen.ss & 0xFFFF) == SELECTOR_KERNEL_DATA,
              "CS and SS come from IA32_STAR");
    tap_check(user_seen.user_cs == (SELECTOR_USER_CODE | 3) && user_seen.user_ss == (SELECTOR_USER_DATA | 3),
              "SYSRET goes to 64-bit code and data of ring 3 behind the selector in IA32_STAR");
    tap_check(user_seen.rsp == USER_STACK_TOP, "RSP stays the user's");
}

static struct trap_frame seen_frame;
static u64 seen_stack;

static void on_int(struct trap_frame *frame) {
    seen_frame = *frame;
    seen_stack = (u64)frame;
    frame->rip = (u64)user_return;
    frame->cs = SELECTOR_KERNEL_CODE;
    frame->ss = SELECTOR_KERNEL_DATA;
    frame->rflags = FLAGS_FIXED;
}

static void test_int(void) {
    trap_set_handler(SYSCALL_VECTOR, on_int);
    trap_allow_user(SYSCALL_VECTOR);
    user_enter(user_address(user_at_int), USER_STACK_TOP, FLAGS_FIXED, 0);
    tap_check(seen_frame.rax == 0x5555 && seen_frame.cs == (SELECTOR_USER_CODE | 3) && seen_frame.ss == (SELECTOR_USER_DATA | 3),
              "INT n reaches a gate of DPL 3 from ring 3");
    tap_check(seen_frame.rsp == USER_STACK_TOP && seen_stack + sizeof(struct trap_frame) == this_cpu()->tss.rsp[0],
              "and switches to RSP0");
}

static void on_timer(struct trap_frame *frame) {
    seen_frame = *frame;
    *(volatile u32 *)USER_DATA_PAGE = 1;
    lapic_eoi();
}

static void test_interrupt(void) {
    trap_set_handler(TEST_VECTOR_A, on_timer);
    *(volatile u32 *)USER_DATA_PAGE = 0;
    lapic_write(LAPIC_DIVIDE, DIVIDE_BY_16);
    lapic_write(LAPIC_LVT_TIMER, TEST_VECTOR_A);
    lapic_write(LAPIC_INITIAL_COUNT, 200000);
    user_enter(user_address(user_at_spin), USER_STACK_TOP, FLAGS_FIXED | RFLAGS_IF, USER_DATA_PAGE);
    cli();
    tap_check((seen_frame.cs & 3) == 3 && seen_frame.rip >= user_address(user_at_spin) && seen_frame.rip < user_address(user_at_cli),
              "a timer interrupt comes in ring 3, and IRETQ goes on there");
}

static u64 entry_rip;
static u64 entry_argument;

static void enter(void *argument) {
    (void)argument;
    user_enter(entry_rip, USER_STACK_TOP, FLAGS_FIXED, entry_argument);
}

static void expect(const u8 *label, u64 argument, u8 vector, u64 error, const char *what) {
    entry_rip = user_address(label);
    entry_argument = argument;
    bool caught = probe_run(&probe, enter, NULL);
    tap_check(caught && probe.frame.vector == vector && probe.frame.error == error && probe.frame.rip == entry_rip,
              "%s: vector %lu, error code %lx", what, caught ? probe.frame.vector : 0xFFF, caught ? probe.frame.error : 0);
}

static void test_privilege(void) {
    expect(user_at_cli, 0, VECTOR_GP, 0, "CLI in ring 3 with IOPL 0 is #GP(0)");
    expect(user_at_hlt, 0, VECTOR_GP, 0, "HLT in ring 3 is #GP(0)");
    expect(user_at_out, 0, VECTOR_GP, 0, "OUT in ring 3 without permission map is #GP(0)");
    expect(user_at_bad_int, 0, VECTOR_GP, TEST_VECTOR_A * 8 + 2, "INT n to a gate of DPL 0 is #GP(vector, IDT)");
    expect(user_at_peek, (u64)user_code, VECTOR_PF, 1 | ERROR_USER, "a supervisor page in ring 3 is #PF");
    expect(user_at_peek, USER_DATA_PAGE + 4 * PAGE_SIZE, VECTOR_PF, ERROR_USER, "an absent page in ring 3 is #PF");
}

static void bad_iret(void *argument) {
    (void)argument;
    asm volatile("mov %%rsp, %%rax; pushq $0x10; push %%rax; pushfq; pushq $0x1238; pushq $0; iretq" : : : "rax", "memory");
}

static void test_iretq(void) {
    u64 stack_before, stack_after;
    asm volatile("mov %%rsp, %0\n"
                 "mov %%rsp, %%rax\n"
                 "pushq $0x10\n"
                 "push %%rax\n"
                 "pushfq\n"
                 "pushq $0x08\n"
                 "lea 1f(%%rip), %%rax\n"
                 "push %%rax\n"
                 "iretq\n"
                 "1: mov %%rsp, %1\n"
                 : "=&r"(stack_before), "=&r"(stack_after)
                 :
                 : "rax", "memory", "cc");
    tap_check(stack_before == stack_after, "IRETQ within ring 0 pops RSP and SS too");
    bool caught = probe_run(&probe, bad_iret, NULL);
    tap_check(caught && probe.frame.vector == VECTOR_GP && probe.frame.error == 0x1238, "IRETQ to a selector beyond the GDT is #GP(selector)");
}

static void test_swapgs(void) {
    u64 base = rdmsr(MSR_GS_BASE), other = rdmsr(MSR_KERNEL_GS_BASE), swapped;
    wrmsr(MSR_KERNEL_GS_BASE, 0x123456789000);
    asm volatile("swapgs" : : : "memory");
    swapped = rdmsr(MSR_GS_BASE);
    u64 kept = rdmsr(MSR_KERNEL_GS_BASE);
    asm volatile("swapgs" : : : "memory");
    wrmsr(MSR_KERNEL_GS_BASE, other);
    tap_check(swapped == 0x123456789000 && kept == base, "SWAPGS exchanges GS base and IA32_KERNEL_GS_BASE");
}

void test_user_mode(void) {
    setup();
    test_syscall();
    test_int();
    test_interrupt();
    test_privilege();
    test_iretq();
    test_swapgs();
}
