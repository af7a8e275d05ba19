/* Descriptor tables of one processor. SDM Vol. 3A, "Segment Descriptor Tables in IA-32e Mode". */
#ifndef CPU_H
#define CPU_H

#include "percpu.h"

#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_DATA 0x10
#define SELECTOR_USER_CODE32 0x18 /* SYSRET wants 32-bit code, data, 64-bit code in this order */
#define SELECTOR_USER_DATA 0x20
#define SELECTOR_USER_CODE 0x28
#define SELECTOR_TSS 0x30

#define IST_DOUBLE_FAULT 1
#define IST_NMI 2
#define IST_MACHINE_CHECK 3

/* Its stacks for traps; the boot CPU does it for the others, which would all wait for one lock. */
void cpu_give_stacks(struct cpu *cpu);
/*
 * Gives this CPU its GDT, TSS, IDT and GS base; again after INIT, with the stacks it had. Page allocation must work.
 * The CPU is told who it is: nothing here may ask GS, which does not know yet.
 */
void cpu_init(struct cpu *cpu);

#endif
