/* The system calls, each by both ways in. Status 0, or the number of the first check that failed. */
#include "libc.h"

static i64 checks;

static void check(bool good) {
    checks++;
    if (!good) exit(checks);
}

static bool registers_kept(void) {
    u64 rbx = 1, rbp_copy = 0, r12 = 0, rax = SYS_GETPID;
    asm volatile("mov $0x1234, %%r12; mov $0x5678, %%r14; syscall; mov %%r12, %0; mov %%r14, %1"
                 : "=r"(r12), "=r"(rbp_copy), "+a"(rax), "+b"(rbx)
                 :
                 : "rcx", "r11", "r12", "r14", "memory");
    return r12 == 0x1234 && rbp_copy == 0x5678 && rbx == 1;
}

#define RFLAGS_AC (1UL << 18)

/* AC set in ring 3 must be clear in the kernel, and set again behind it; by INT 80h and by SYSCALL. */
static bool ac_stays_here(i64 (*call)(u64, u64, u64, u64)) {
    u64 flags;
    asm volatile("pushfq; orq %0, (%%rsp); popfq" : : "r"(RFLAGS_AC) : "memory", "cc");
    i64 inside = call(SYS_CPU, 3, 0, 0);
    asm volatile("pushfq; pop %0; pushfq; andq %1, (%%rsp); popfq" : "=&r"(flags) : "r"(~RFLAGS_AC) : "memory", "cc");
    return inside == 0 && (flags & RFLAGS_AC) != 0;
}

static i64 thread_body(void *argument) {
    *(volatile i64 *)argument = getpid();
    return 42;
}

static void check_children(void) {
    i64 status = 0, pid = fork();
    if (pid == 0) exit(7);
    check(pid > 0 && wait(&status) == pid && status == 7);
    check(wait(&status) == 0);
    pid = fork();
    if (pid == 0) exec("hello", "after exec");
    check(pid > 0 && wait(&status) == pid && status == 0);
    pid = fork();
    if (pid == 0) exit(exec("no such program", ""));
    check(wait(&status) == pid && status == -1);
    pid = fork();
    if (pid == 0) for (;;) pause();
    check(kill(pid) == 0 && wait(&status) == pid && status == -9);
    pid = fork();
    if (pid == 0) sleep_ms(1000000), exit(1);
    check(kill(pid) == 0 && wait(&status) == pid && status == -9);
    check(kill(999999) == -1);
    volatile i64 id = 0;
    i64 made = thread(thread_body, (void *)&id);
    check(made > 0 && wait(&status) == made && status == 42 && id == made);
}

static void check_memory(void) {
    u8 *block = mmap(NULL, 5 * PAGE, MAP_READ | MAP_WRITE);
    check(block != NULL);
    for (u64 i = 0; i < 5 * PAGE; i += 512) check(block[i] == 0);
    memset(block, 0xAB, 5 * PAGE);
    check(munmap(block + PAGE, PAGE) == 0 && block[2 * PAGE] == 0xAB && block[PAGE - 1] == 0xAB);
    check(mmap(block + PAGE, PAGE, MAP_READ | MAP_WRITE) == block + PAGE && block[PAGE] == 0);
    check(mmap((void *)0xffff800000000000, PAGE, MAP_READ) == NULL && mmap(NULL, 0, MAP_READ) == NULL);
    check(munmap(block + 1, PAGE) == -1 && munmap(NULL, ~0UL) == -1);
    check(system_call(SYS_WRITE, 1, 0xffffffff80000000, 8) == -1 && system_call(SYS_WRITE, 1, 0, 8) == -1);
    check(system_call(SYS_WAIT, 0, 0, 0) == 0);
}

i64 main(const char *argument) {
    (void)argument;
    i64 pid = getpid();
    check(pid > 0 && system_call_int(SYS_GETPID, 0, 0, 0) == pid && system_call(SYSCALL_COUNT, 0, 0, 0) == -1);
    check(system_call_int(12345, 0, 0, 0) == -1 && system_call(~0UL, 0, 0, 0) == -1);
    check(registers_kept());
    check(ac_stays_here(system_call_int) && ac_stays_here(system_call));
    check(cpu() < cpu_count());
    check(bind_to(0) == 0 && cpu() == 0 && bind_to(255) == -1 && bind_to(100000) == -1 && bind_to(-1) == 0);
    u64 begin = rdtsc();
    sleep_ms(20);
    check(rdtsc() > begin);
    check_children();
    check_memory();
    return 0;
}
