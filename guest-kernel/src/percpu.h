/*
 * Everything that belongs to one processor. Reached through GS, whose base holds the address of this CPU's struct whenever
 * ring 0 runs (SDM Vol. 2, "SWAPGS"; trap_entry.S keeps that rule on every way in and out).
 *
 * Fields are written by their own CPU only, unless the comment names another guard.
 */
#ifndef PERCPU_H
#define PERCPU_H

#include "types.h"

#define MAX_CPUS 256
#define NO_CPU 0xFFFFFFFFU
#define VECTORS 256

/* Fixed offsets for assembly; checked below. */
#define CPU_KERNEL_STACK 8
#define CPU_USER_STACK 16
#define CPU_CURRENT 24

/* SDM Vol. 3A, "64-Bit TSS Format". */
struct tss {
    u32 reserved0;
    u64 rsp[3];
    u64 ist[8]; /* ist[0] is reserved */
    u64 reserved1;
    u16 reserved2, io_map_base;
} __attribute__((packed));
_Static_assert(sizeof(struct tss) == 104, "the processor defines the size of a TSS");

struct probe;
struct task;
struct runqueue;
struct spinlock;
struct trap_frame;
struct ipi_call;

/* Where a processor stands; moved on by the rules of smp.c. */
enum cpu_state {
    CPU_ABSENT = 0, /* not named by the firmware */
    CPU_PRESENT,    /* named, not started yet */
    CPU_STARTING, /* released, or sent a start-up IPI */
    CPU_ARRIVED,  /* runs C code on its own tables, is not ready for IPIs yet */
    CPU_ONLINE,
    CPU_LEAVING, /* its tasks are being moved away */
    CPU_OFFLINE, /* waits for INIT */
    CPU_DEAD,    /* stopped answering */
};

#define MAX_HELD_LOCKS 16

struct cpu {
    struct cpu *self;  /* first, so that GS:0 yields the address */
    u64 kernel_stack;  /* where SYSCALL and traps from ring 3 begin; the scheduler's */
    u64 user_stack;    /* scratch of the SYSCALL entry */
    struct task *current;
    struct task *idle;
    struct runqueue *runqueue; /* guarded by its own lock */

    u32 index; /* logical id, dense */
    u32 processor_id;
    u32 lapic_id;
    u32 state; /* enum cpu_state; atomic, changed as smp.c says */

    u32 interrupt_depth;     /* > 0 inside an interrupt handler */
    u32 need_reschedule;     /* set by anyone, looked at on the way out of an interrupt */
    u64 interrupts;          /* all vectors */
    u32 vector_counts[VECTORS];
    u64 timer_ticks;         /* read by others as the sign of life */
    u64 timer_hz;            /* counts per second of this LAPIC's timer with divisor 16 */
    u64 context_switches;
    u64 cycles_busy, cycles_idle, cycles_interrupt; /* TSC; the profiler's */
    u64 online_since;        /* TSC */
    u64 start_cycles;        /* TSC from the first IPI or the release to the first C code */

    struct probe *probe; /* where an expected exception goes on */

    struct ipi_call *calls;  /* head of the queue of requested calls; atomic, pushed by any CPU */
    u32 ipi_reasons;         /* bits of enum ipi_kind; atomic, set by any CPU */
    u32 nmi_reasons;         /* bits of enum nmi_reason; atomic, set by any CPU */
    struct trap_frame *stopped_at; /* set by the NMI handler for the CPU that asked */

    const struct spinlock *held[MAX_HELD_LOCKS]; /* lock-order checker; in the order taken */
    u32 held_count;

    void (*volatile job)(void *); /* written by any CPU while NULL, cleared by this one */
    void *job_argument;
    volatile u64 flags[2];

    u64 boot_stack; /* top of the stack this CPU starts on */
    u64 gdt[8];
    struct tss tss;
} __attribute__((aligned(64)));
_Static_assert(offsetof(struct cpu, kernel_stack) == CPU_KERNEL_STACK, "trap_entry.S knows this offset");
_Static_assert(offsetof(struct cpu, user_stack) == CPU_USER_STACK, "the SYSCALL entry knows this offset");
_Static_assert(offsetof(struct cpu, current) == CPU_CURRENT, "assembly knows this offset");

extern struct cpu cpus[MAX_CPUS]; /* [0] is the bootstrap processor */

/* Only after cpu_init on this CPU, and only while it cannot be moved: interrupts off, or the caller bound to it. */
static inline struct cpu *this_cpu(void) {
    struct cpu *cpu;
    asm volatile("mov %%gs:0, %0" : "=r"(cpu));
    return cpu;
}

/* Index of this CPU; 0 before it has one. */
u32 cpu_index(void);

/* The same where GS may be wrong, for the panic path: asks CPUID then, and sets GS right. */
u32 cpu_identify(void);

/* A set of CPUs by index. */
struct cpu_mask {
    u64 bits[MAX_CPUS / 64];
};

static inline bool cpu_mask_has(const struct cpu_mask *mask, u32 cpu) {
    return (__atomic_load_n(&mask->bits[cpu / 64], __ATOMIC_ACQUIRE) >> cpu % 64 & 1) != 0;
}
static inline void cpu_mask_add(struct cpu_mask *mask, u32 cpu) {
    __atomic_fetch_or(&mask->bits[cpu / 64], 1UL << cpu % 64, __ATOMIC_SEQ_CST);
}
static inline void cpu_mask_remove(struct cpu_mask *mask, u32 cpu) {
    __atomic_fetch_and(&mask->bits[cpu / 64], ~(1UL << cpu % 64), __ATOMIC_SEQ_CST);
}

#endif
