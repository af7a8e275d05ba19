/* Descriptor tables of one fault. SDM Vol. 3A, "Segment Descriptor Tables in IA-32e Mode", "64-Bit Mode IDT". */
#include "faults.h"

#define DESCRIPTOR_CODE 0x00AF9B000000FFFF
#define DESCRIPTOR_DATA 0x00CF93000000FFFF
#define DESCRIPTOR_TSS 0x0000890000000000
#define GATE_INTERRUPT_PRESENT 0x8E00UL
#define TSS_IST1 36

struct table_register {
    u16 limit;
    u64 base;
} __attribute__((packed));

void tables_fill(struct fault_tables *tables) {
    u64 base = (u64)tables->tss;
    tables->gdt[FAULT_CODE / 8] = DESCRIPTOR_CODE;
    tables->gdt[FAULT_DATA / 8] = DESCRIPTOR_DATA;
    tables->gdt[FAULT_TSS / 8] = DESCRIPTOR_TSS | (sizeof tables->tss - 1) | (base & 0xFFFFFF) << 16 | (base >> 24 & 0xFF) << 56;
    tables->gdt[FAULT_TSS / 8 + 1] = base >> 32;
}

void tables_gate(struct fault_tables *tables, u8 vector, void (*handler)(void), u8 ist) {
    u64 target = (u64)handler;
    tables->idt[vector][0] = (target & 0xFFFF) | (u64)FAULT_CODE << 16 | (u64)ist << 32 | GATE_INTERRUPT_PRESENT << 32 |
                             (target >> 16 & 0xFFFF) << 48;
    tables->idt[vector][1] = target >> 32;
}

void tables_stack(struct fault_tables *tables, u8 ist, u64 top) { __builtin_memcpy(tables->tss + TSS_IST1 + (ist - 1) * 8, &top, 8); }

void tables_load_gdt(const u64 *gdt) {
    struct table_register gdtr = {FAULT_GDT_ENTRIES * 8 - 1, (u64)gdt};
    asm volatile("lgdt %0" : : "m"(gdtr) : "memory");
}

void tables_load_idt(const struct fault_tables *tables) {
    struct table_register idtr = {sizeof tables->idt - 1, (u64)tables->idt};
    asm volatile("lidt %0" : : "m"(idtr) : "memory");
}

void tables_load(struct fault_tables *tables) {
    tables_load_gdt(tables->gdt);
    asm volatile("pushq %0\n"
                 "leaq 1f(%%rip), %%rax\n"
                 "pushq %%rax\n"
                 "lretq\n"
                 "1: mov %1, %%ds\n"
                 "mov %1, %%es\n"
                 "mov %1, %%ss\n"
                 "ltr %w2\n"
                 :
                 : "i"(FAULT_CODE), "r"(FAULT_DATA), "r"(FAULT_TSS)
                 : "rax", "memory");
    tables_load_idt(tables);
}

__attribute__((naked)) void handler_halt(void) { asm volatile("1: cli; hlt; jmp 1b"); }
