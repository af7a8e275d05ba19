/* Instructions that C cannot say. Intel SDM Vol. 2, "Instruction Set Reference". */
#ifndef X86_H
#define X86_H

#include "types.h"

#define CR0_MP (1UL << 1)
#define CR0_TS (1UL << 3)
#define CR4_LA57 (1UL << 12)
#define RFLAGS_TF (1UL << 8)
#define RFLAGS_IF (1UL << 9)

#define MSR_APIC_BASE 0x1B
#define MSR_TSC_DEADLINE 0x6E0
#define MSR_PAT 0x277
#define MSR_EFER 0xC0000080
#define MSR_STAR 0xC0000081
#define MSR_LSTAR 0xC0000082
#define MSR_FMASK 0xC0000084
#define MSR_FS_BASE 0xC0000100
#define MSR_GS_BASE 0xC0000101
#define MSR_KERNEL_GS_BASE 0xC0000102
#define EFER_SCE 1UL

struct cpuid_result {
    u32 eax, ebx, ecx, edx;
};

static inline void outb(u16 port, u8 value) { asm volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }
static inline void outw(u16 port, u16 value) { asm volatile("outw %0, %1" : : "a"(value), "Nd"(port)); }
static inline void outl(u16 port, u32 value) { asm volatile("outl %0, %1" : : "a"(value), "Nd"(port)); }

static inline u8 inb(u16 port) {
    u8 value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline u16 inw(u16 port) {
    u16 value;
    asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline u32 inl(u16 port) {
    u32 value;
    asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline u64 rdmsr(u32 msr) {
    u32 low, high;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (u64)high << 32 | low;
}

static inline void wrmsr(u32 msr, u64 value) {
    asm volatile("wrmsr" : : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

static inline struct cpuid_result cpuid(u32 leaf, u32 subleaf) {
    struct cpuid_result r;
    asm volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf) : "memory");
    return r;
}

/* This processor's APIC id as CPUID tells it. SDM Vol. 2, "CPUID", "Extended Topology Enumeration"; else leaf 1, 8 bits. */
static inline u32 initial_apic_id(void) {
    u32 most = cpuid(0, 0).eax;
    if (most >= 0x1F && cpuid(0x1F, 0).ebx != 0) return cpuid(0x1F, 0).edx;
    if (most >= 0xB && cpuid(0xB, 0).ebx != 0) return cpuid(0xB, 0).edx;
    return cpuid(1, 0).ebx >> 24;
}

static inline u64 rdtsc(void) {
    u32 low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return (u64)high << 32 | low;
}

#define CONTROL_REGISTER(n)                                                                        \
    static inline u64 read_cr##n(void) {                                                           \
        u64 value;                                                                                 \
        asm volatile("mov %%cr" #n ", %0" : "=r"(value) : : "memory");                             \
        return value;                                                                              \
    }                                                                                              \
    static inline void write_cr##n(u64 value) { asm volatile("mov %0, %%cr" #n : : "r"(value) : "memory"); }
CONTROL_REGISTER(0)
CONTROL_REGISTER(2)
CONTROL_REGISTER(3)
CONTROL_REGISTER(4)
CONTROL_REGISTER(8)
#undef CONTROL_REGISTER

static inline u64 read_rflags(void) {
    u64 value;
    asm volatile("pushfq; pop %0" : "=r"(value) : : "memory");
    return value;
}

static inline void pause(void) { asm volatile("pause" : : : "memory"); }
static inline void cli(void) { asm volatile("cli" : : : "memory"); }
static inline void sti(void) { asm volatile("sti" : : : "memory"); }
static inline void sti_hlt(void) { asm volatile("sti; hlt" : : : "memory"); }
static inline void invlpg(const void *address) { asm volatile("invlpg (%0)" : : "r"(address) : "memory"); }

/* Stops this CPU for good; an NMI or SMI wakes it only for a moment. */
static inline __attribute__((noreturn)) void halt_forever(void) {
    for (;;) asm volatile("cli; hlt" : : : "memory");
}

#endif
