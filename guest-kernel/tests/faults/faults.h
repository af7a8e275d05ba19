/*
 * Kernels that break in one known way each, for the reports of an emulator: fault=NAME on the command line chooses. Each fault
 * runs on descriptor tables of its own, in which nothing works but what it needs.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include "types.h"

#define FAULT_CODE 0x08
#define FAULT_DATA 0x10
#define FAULT_TSS 0x18
#define FAULT_GDT_ENTRIES 5

#define ACCESSED (1UL << 40)
#define PRESENT_SEGMENT (1UL << 47)

struct fault_tables {
    u64 gdt[FAULT_GDT_ENTRIES];
    u64 idt[256][2];
    u8 tss[104];
} __attribute__((aligned(16)));

typedef void (*fault_function)(void);

/* A 64-bit code segment, a data segment and a TSS; no gate in the IDT. */
void tables_fill(struct fault_tables *tables);
void tables_gate(struct fault_tables *tables, u8 vector, void (*handler)(void), u8 ist);
void tables_stack(struct fault_tables *tables, u8 ist, u64 top);
void tables_load_gdt(const u64 *gdt);
void tables_load_idt(const struct fault_tables *tables);
/* GDT, segments, TR and IDT. */
void tables_load(struct fault_tables *tables);
/* A handler that stops its CPU for good. */
void handler_halt(void);

/* Lets the first AP run a function, and the caller wait without end. */
void on_first_ap(fault_function function);
/* The same, and the caller goes on. */
void start_first_ap(fault_function function);

struct fault {
    const char *name;
    fault_function function;
};
extern const struct fault crash_faults[];
extern const struct fault hang_faults[];
extern const struct fault interrupt_faults[];

#endif
