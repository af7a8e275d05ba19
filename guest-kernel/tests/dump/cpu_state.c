/* Registers, control registers, descriptor tables, MTRRs and the local APIC of one CPU. */
#include "dump.h"
#include "percpu.h"
#include "lapic.h"
#include "log.h"
#include "paging.h"
#include "x86.h"

#define MSR_MTRR_CAP 0xFE
#define MSR_MTRR_PHYSBASE0 0x200
#define MSR_MTRR_FIX64K 0x250
#define MSR_MTRR_FIX16K_A0000 0x259
#define MSR_MTRR_FIX4K_C0000 0x268
#define MSR_MTRR_FIX4K_F8000 0x26F
#define MSR_MTRR_DEF_TYPE 0x2FF

struct table_register {
    u16 limit;
    u64 base;
} __attribute__((packed));

#define READ_SELECTOR(name, instruction)                                                           \
    static u64 name(void) {                                                                        \
        u64 value = 0;                                                                             \
        asm volatile(instruction : "=r"(value));                                                   \
        return value & 0xFFFF;                                                                     \
    }
READ_SELECTOR(cs, "mov %%cs, %0")
READ_SELECTOR(ds, "mov %%ds, %0")
READ_SELECTOR(es, "mov %%es, %0")
READ_SELECTOR(ss, "mov %%ss, %0")
READ_SELECTOR(fs, "mov %%fs, %0")
READ_SELECTOR(gs, "mov %%gs, %0")
READ_SELECTOR(tr, "str %0")
READ_SELECTOR(ldtr, "sldt %0")

static void dump_registers(const struct entry_record *r) {
    print("rax=0x%lx rbx=0x%lx rcx=0x%lx rdx=0x%lx ", r->rax, r->rbx, r->rcx, r->rdx);
    print("rsi=0x%lx rdi=0x%lx rbp=0x%lx rsp=0x%lx ", r->rsi, r->rdi, r->rbp, r->rsp);
    print("r8=0x%lx r9=0x%lx r10=0x%lx r11=0x%lx ", r->r8, r->r9, r->r10, r->r11);
    print("r12=0x%lx r13=0x%lx r14=0x%lx r15=0x%lx ", r->r12, r->r13, r->r14, r->r15);
    print("ret=0x%lx rflags=0x%lx \n", r->return_address, r->rflags);
}

static void dump_system_registers(void) {
    struct table_register gdtr, idtr;
    asm volatile("sgdt %0" : "=m"(gdtr));
    asm volatile("sidt %0" : "=m"(idtr));
    print("cr0=0x%lx cr3=0x%lx cr4=0x%lx efer=0x%lx ", read_cr0(), read_cr3(), read_cr4(), rdmsr(MSR_EFER));
    print("pat=0x%lx apicbase=0x%lx ", rdmsr(MSR_PAT), rdmsr(MSR_APIC_BASE));
    print("fsb=0x%lx gsb=0x%lx kgsb=0x%lx ", rdmsr(MSR_FS_BASE), rdmsr(MSR_GS_BASE), rdmsr(MSR_KERNEL_GS_BASE));
    print("cs=0x%lx ds=0x%lx es=0x%lx ss=0x%lx fs=0x%lx gs=0x%lx ", cs(), ds(), es(), ss(), fs(), gs());
    print("tr=0x%lx ldtr=0x%lx gdt.l=0x%x gdt.b=0x%lx \n", tr(), ldtr(), gdtr.limit, gdtr.base);
    print("GDT:");
    for (u32 i = 0; i < 7; i++) print(" 0x%lx", ((const u64 *)gdtr.base)[i]);
    print("\nidt.l=0x%x idt.b=0x%lx ", idtr.limit, idtr.base);
    print("mtrrcap=0x%lx mtrrdef=0x%lx ", rdmsr(MSR_MTRR_CAP), rdmsr(MSR_MTRR_DEF_TYPE));
    for (u32 i = 0; i < 4; i++) print("mtrr=0x%lx ", rdmsr(MSR_MTRR_PHYSBASE0 + i));
    print("fix64k=0x%lx fix16a=0x%lx ", rdmsr(MSR_MTRR_FIX64K), rdmsr(MSR_MTRR_FIX16K_A0000));
    print("fix4c0=0x%lx fix4f8=0x%lx \n", rdmsr(MSR_MTRR_FIX4K_C0000), rdmsr(MSR_MTRR_FIX4K_F8000));
}

static void dump_lapic(void) {
    static const u16 offsets[] = {0x20,  0x30,  0x40,  0x50,  0x60,  0x70,  0x80,  0xA0,  0xC0,  0xD0, 0xE0,
                                  0xF0,  0x280, 0x300, 0x310, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370,
                                  0x380, 0x390, 0x3A0, 0x3B0, 0x3C0, 0x3D0, 0x3E0, 0x3F0};
    volatile u8 *registers = map_physical(rdmsr(MSR_APIC_BASE) & 0x000FFFFFFFFFF000UL, PAGE_SIZE);
    print("LAPIC");
    for (u32 i = 0; i < ARRAY_LENGTH(offsets); i++) {
        print(" [0x%x]=0x%x", offsets[i], *(volatile u32 *)(registers + offsets[i]));
    }
    print(" \n");
}

void dump_cpu(const struct entry_record *record) {
    dump_registers(record);
    dump_system_registers();
    wrmsr(MSR_GS_BASE, (u64)&cpus[0]); /* locks, which mapping takes, ask who is there */
    dump_lapic();
}
