/* The way of an application processor from 16-bit code to the kernel. */
#ifndef TRAMPOLINE_H
#define TRAMPOLINE_H

#include "types.h"

/* As trampoline.S lays it out. */
struct trampoline_parameters {
    u64 stack;
    u64 target;
    u64 argument;
    u64 kernel_cr3;
    u64 lapic; /* where the local APIC's registers are mapped */
    u32 page_base; /* CR3 while on the trampoline */
    u32 cr4_bits;
    u16 gdt_limit;
    u32 gdt_base; /* the page's address is added */
    u16 padding0;
    u32 entry32; /* likewise */
    u16 code32, padding1;
    u32 entry64; /* likewise */
    u16 code64, padding2;
    u32 immediate_offset, padding3;
} __attribute__((packed));

/* Copies the trampoline to a page below 1 MiB, 0x8000 where it can; returns the SIPI vector. Any AP parked there must have had INIT. */
u8 trampoline_install(void);
/* What the next AP to start shall do: call target(argument) on that stack. One AP at a time. */
void trampoline_aim(u64 stack, void (*target)(void *), void *argument);

#endif
