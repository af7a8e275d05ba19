/* Per-CPU descriptor tables. SDM Vol. 3A, "Segment Descriptor Tables in IA-32e Mode", "Task Management in 64-bit Mode". */
#include "cpu.h"

#include "stack.h"
#include "trap.h"
#include "twin.h"
#include "x86.h"

#define DESCRIPTOR_KERNEL_CODE 0x00AF9B000000FFFF
#define DESCRIPTOR_KERNEL_DATA 0x00CF93000000FFFF
#define DESCRIPTOR_USER_CODE32 0x00CFFB000000FFFF
#define DESCRIPTOR_USER_DATA 0x00CFF3000000FFFF
#define DESCRIPTOR_USER_CODE 0x00AFFB000000FFFF
#define DESCRIPTOR_TSS_AVAILABLE 0x0000890000000000

struct cpu cpus[MAX_CPUS] = {{.self = &cpus[0], .state = CPU_ARRIVED}};

struct table_register {
    u16 limit;
    u64 base;
} __attribute__((packed));

void cpu_give_stacks(struct cpu *cpu) {
    if (cpu->tss.rsp[0] != 0) return; /* it has them: online again, or another CPU was here */
    cpu->tss.rsp[0] = stack_alloc();
    cpu->tss.ist[IST_DOUBLE_FAULT] = stack_alloc();
    cpu->tss.ist[IST_NMI] = stack_alloc();
    cpu->tss.ist[IST_MACHINE_CHECK] = stack_alloc();
}

static void fill_tables(struct cpu *cpu) {
    u64 base = (u64)&cpu->tss;
    cpu->gdt[SELECTOR_KERNEL_CODE / 8] = DESCRIPTOR_KERNEL_CODE;
    cpu->gdt[SELECTOR_KERNEL_DATA / 8] = DESCRIPTOR_KERNEL_DATA;
    cpu->gdt[SELECTOR_USER_CODE32 / 8] = DESCRIPTOR_USER_CODE32;
    cpu->gdt[SELECTOR_USER_DATA / 8] = DESCRIPTOR_USER_DATA;
    cpu->gdt[SELECTOR_USER_CODE / 8] = DESCRIPTOR_USER_CODE;
    cpu->gdt[SELECTOR_TSS / 8] = DESCRIPTOR_TSS_AVAILABLE | (sizeof(struct tss) - 1) | (base & 0xFFFFFF) << 16 |
                                 (base >> 24 & 0xFF) << 56;
    cpu->gdt[SELECTOR_TSS / 8 + 1] = base >> 32;
    cpu->tss.io_map_base = sizeof(struct tss); /* beyond the limit: ring 3 has no ports */
    cpu_give_stacks(cpu);
}

static void load_segments(struct cpu *cpu) {
    struct table_register gdtr = {sizeof cpu->gdt - 1, (u64)cpu->gdt};
    asm volatile("lgdt %0\n"
                 "pushq %1\n"
                 "leaq 1f(%%rip), %%rax\n"
                 "pushq %%rax\n"
                 "lretq\n"
                 "1: mov %2, %%ds\n"
                 "mov %2, %%es\n"
                 "mov %2, %%ss\n"
                 "mov %3, %%fs\n"
                 "mov %3, %%gs\n"
                 :
                 : "m"(gdtr), "i"(SELECTOR_KERNEL_CODE), "r"(SELECTOR_KERNEL_DATA), "r"(0)
                 : "rax", "memory");
    asm volatile("ltr %w0" : : "r"(SELECTOR_TSS) : "memory");
}

void cpu_init(struct cpu *cpu) {
    cpu->self = cpu;
    cpu->index = twin(GS_EARLY) && cpu != &cpus[0] ? cpu_index() : (u32)(cpu - cpus);
    wrmsr(MSR_GS_BASE, (u64)cpu); /* page allocation takes locks, and locks ask who is there */
    fill_tables(cpu);
    load_segments(cpu);
    wrmsr(MSR_GS_BASE, (u64)cpu); /* loading the selector cleared it */
    wrmsr(MSR_KERNEL_GS_BASE, 0); /* what ring 3 gets */
    cpu->held_count = 0;
    cpu->interrupt_depth = 0;
    if (!twin(NULL_IDT) || cpu->index == 0) trap_load_idt();
}

u32 cpu_index(void) { return this_cpu()->index; }

static bool is_ours(u64 base) {
    u64 offset = base - (u64)cpus;
    return base >= (u64)cpus && offset < sizeof cpus && offset % sizeof *cpus == 0;
}

u32 cpu_identify(void) {
    u64 base = rdmsr(MSR_GS_BASE);
    if (is_ours(base)) {
        struct cpu *cpu = (struct cpu *)base;
        cpu->self = cpu;
        cpu->index = (u32)(cpu - cpus); /* whatever was written over it */
        return cpu->index;
    }
    u32 id = initial_apic_id(), index = 0;
    while (index + 1 < MAX_CPUS && cpus[index].lapic_id != id) index++;
    wrmsr(MSR_GS_BASE, (u64)&cpus[index]);
    return index;
}
