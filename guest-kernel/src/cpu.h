/* One processor: its descriptor tables, stacks and current work. Reached through GS, whose base never changes afterwards. */
#ifndef CPU_H
#define CPU_H

#include "types.h"

#define MAX_CPUS 256

#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_DATA 0x10
#define SELECTOR_USER_CODE32 0x18 /* SYSRET wants 32-bit code, data, 64-bit code in this order */
#define SELECTOR_USER_DATA 0x20
#define SELECTOR_USER_CODE 0x28
#define SELECTOR_TSS 0x30

#define IST_DOUBLE_FAULT 1
#define IST_NMI 2
#define CPU_STACK_PAGES 2

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

struct cpu {
    struct cpu *self; /* first, so that GS:0 yields the address */
    u32 index;
    u32 processor_id;
    u32 lapic_id;
    struct probe *probe; /* this CPU only: where an expected exception goes on */
    u64 gdt[8];
    struct tss tss;
    void (*volatile job)(void *); /* written by any CPU while NULL, cleared by this one */
    void *job_argument;
    volatile u64 flags[2];
};

extern struct cpu cpus[MAX_CPUS]; /* [0] is the bootstrap processor */

/* Gives this CPU its GDT, TSS, IDT and GS base. Page allocation must work. */
void cpu_init(struct cpu *cpu);
struct cpu *this_cpu(void);
/* Index of this CPU; 0 before it has one. */
u32 cpu_index(void);

#endif
