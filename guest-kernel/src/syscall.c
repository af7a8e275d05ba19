/* What each system call does, and the two ways in. SDM Vol. 3A, "Fast System Calls in 64-Bit Mode". */
#include "syscall.h"

#include "cpu.h"
#include "irq.h"
#include "log.h"
#include "process.h"
#include "prof.h"
#include "sched.h"
#include "smp.h"
#include "space.h"
#include "syscall_numbers.h"
#include "x86.h"

#define RPL3 3
#define STAR_SYSCALL_SHIFT 32
#define STAR_SYSRET_SHIFT 48
#define RFLAGS_DF (1UL << 10)
#define RFLAGS_NT (1UL << 14)
#define RFLAGS_RF (1UL << 16)
#define RFLAGS_AC (1UL << 18)
#define WRITE_LIMIT 240 /* longer texts are cut: a line is printed at once */
#define UNKNOWN_CALL (-1)

static bool debug; /* atomic */

void syscall_entry(void);

static struct space *space(void) { return task_current()->space; }

static i64 do_write(struct trap_frame *frame) {
    char text[WRITE_LIMIT + 1];
    u64 length = frame->rdx < WRITE_LIMIT ? frame->rdx : WRITE_LIMIT;
    if (frame->rdi != 1 || !space_read(space(), text, frame->rsi, length)) return -1;
    u64 end = length > 0 && text[length - 1] == '\n' ? length - 1 : length; /* print_line brings its own */
    text[end] = 0;
    print_line("%s", text);
    return (i64)length;
}

static i64 do_exit(struct trap_frame *frame) { task_end((i64)frame->rdi); }

static i64 do_fork(struct trap_frame *frame) { return process_fork(frame); }

static i64 do_wait(struct trap_frame *frame) {
    i64 status = 0;
    i64 id = task_wait_any(&status);
    if (id > 0 && frame->rdi != 0 && !space_write(space(), frame->rdi, &status, sizeof status)) return -1;
    return id;
}

static i64 do_exec(struct trap_frame *frame) { return process_exec(frame, frame->rdi, frame->rsi); }

static i64 do_yield(struct trap_frame *frame) {
    (void)frame;
    sched_yield();
    return 0;
}

static i64 do_getpid(struct trap_frame *frame) {
    (void)frame;
    return task_current()->id;
}

static i64 do_sleep(struct trap_frame *frame) {
    sched_sleep_ms(frame->rdi);
    return 0;
}

static i64 do_kill(struct trap_frame *frame) { return frame->rdi <= UINT32_MAX && task_kill((u32)frame->rdi) ? 0 : -1; }

static i64 do_mmap(struct trap_frame *frame) {
    u32 rights = (u32)(frame->rdx & AREA_RIGHTS) | AREA_READ;
    if (frame->rdi == 0) return (i64)space_map(space(), frame->rsi, rights);
    return space_map_at(space(), frame->rdi, frame->rsi, rights) ? (i64)frame->rdi : 0;
}

static i64 do_cpu(struct trap_frame *frame) {
    switch (frame->rdi) {
    case 0: return cpu_index();
    case 1: return smp_online_count();
    case 2: return sched_imbalance();
    case 3: return (read_rflags() & RFLAGS_AC) != 0;
    default: return -1;
    }
}

static i64 do_munmap(struct trap_frame *frame) { return space_unmap(space(), frame->rdi, frame->rsi) ? 0 : -1; }

static i64 do_protect(struct trap_frame *frame) {
    u32 rights = (u32)(frame->rdx & AREA_RIGHTS) | AREA_READ;
    return space_protect(space(), frame->rdi, frame->rsi, rights) ? 0 : -1;
}

static i64 do_thread(struct trap_frame *frame) { return process_thread(frame, frame->rdi, frame->rsi); }

static i64 do_bind(struct trap_frame *frame) {
    struct cpu_mask all = {{~0UL, ~0UL, ~0UL, ~0UL}};
    if (frame->rdi == ~0UL) return sched_set_allowed(&all) ? 0 : -1;
    if (frame->rdi >= MAX_CPUS) return -1;
    struct cpu_mask one = cpu_mask_of((u32)frame->rdi);
    return sched_set_allowed(&one) ? 0 : -1;
}

static const struct {
    const char *name;
    i64 (*call)(struct trap_frame *frame);
} calls[SYSCALL_COUNT] = {
    [SYS_WRITE] = {"SYS_WRITE", do_write},       [SYS_EXIT] = {"SYS_EXIT", do_exit},     [SYS_FORK] = {"SYS_FORK", do_fork},
    [SYS_WAIT] = {"SYS_WAIT", do_wait},          [SYS_EXEC] = {"SYS_EXEC", do_exec},     [SYS_YIELD] = {"SYS_YIELD", do_yield},
    [SYS_GETPID] = {"SYS_GETPID", do_getpid},    [SYS_SLEEP] = {"SYS_SLEEP", do_sleep},  [SYS_KILL] = {"SYS_KILL", do_kill},
    [SYS_MMAP] = {"SYS_MMAP", do_mmap},          [SYS_CPU] = {"SYS_CPU", do_cpu},        [SYS_MUNMAP] = {"SYS_MUNMAP", do_munmap},
    [SYS_PROTECT] = {"SYS_PROTECT", do_protect}, [SYS_THREAD] = {"SYS_THREAD", do_thread}, [SYS_BIND] = {"SYS_BIND", do_bind},
};

static void report(u64 number, const char *name) {
    u32 cpu = cpu_index();
    print_line("[SYSCALL][cpu%u pid=%u] %s (%lu)", cpu, task_current()->id, name, number);
}

/* Interrupts on. */
static void call(struct trap_frame *frame) {
    u64 number = frame->rax;
    bool known = number < SYSCALL_COUNT;
    if (__atomic_load_n(&debug, __ATOMIC_RELAXED)) report(number, known ? calls[number].name : "unknown");
    PROF_START(PROF_SYSCALL);
    frame->rax = known ? (u64)calls[number].call(frame) : (u64)UNKNOWN_CALL;
    PROF_END(PROF_SYSCALL);
}

/*
 * SYSRET takes RIP from RCX and RFLAGS from R11, and faults in ring 0 on a RIP that is not canonical; a frame that exec or fork
 * has made may say something else, and then IRETQ, which takes all from the frame, is the way.
 */
static bool fits_sysret(const struct trap_frame *frame) {
    u64 rare = RFLAGS_TF | RFLAGS_RF;
    return frame->rip == frame->rcx && frame->rflags == frame->r11 && frame->rip < USER_END && (frame->rflags & rare) == 0;
}

bool syscall_from_user(struct trap_frame *frame) {
    sti();
    call(frame);
    cli();
    sched_end_if_killed();
    return fits_sysret(frame);
}

static void on_int80(struct trap_frame *frame) { syscall_from_user(frame); }

void syscall_init(void) {
    trap_set_handler(VECTOR_SYSCALL, on_int80);
    trap_allow_user(VECTOR_SYSCALL);
}

void syscall_cpu_init(void) {
    wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SCE);
    wrmsr(MSR_STAR, (u64)(SELECTOR_USER_CODE32 | RPL3) << STAR_SYSRET_SHIFT | (u64)SELECTOR_KERNEL_CODE << STAR_SYSCALL_SHIFT);
    wrmsr(MSR_LSTAR, (u64)syscall_entry);
    wrmsr(MSR_FMASK, RFLAGS_IF | RFLAGS_TF | RFLAGS_DF | RFLAGS_NT | RFLAGS_AC);
}

void syscall_set_debug(bool on) { __atomic_store_n(&debug, on, __ATOMIC_RELAXED); }
