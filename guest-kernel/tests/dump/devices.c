/* PIC, I/O APIC, CMOS, ports and HPET as the firmware and the loader left them. */
#include "boot.h"
#include "dump.h"
#include "log.h"
#include "paging.h"
#include "x86.h"

#define IOAPIC_ADDRESS 0xFEC00000
#define HPET_ADDRESS 0xFED00000

static void dump_ioapic(void) {
    volatile u8 *ioapic = map_physical(IOAPIC_ADDRESS, PAGE_SIZE);
    print("IOAPIC");
    for (u32 i = 0; i < 0x40; i++) {
        *(volatile u32 *)ioapic = i;
        print(" 0x%x", *(volatile u32 *)(ioapic + 0x10));
    }
    print(" \n");
}

static void dump_cmos(void) {
    print("CMOS");
    for (u32 i = 0; i < 0x80; i++) {
        outb(0x70, (u8)i);
        print(" 0x%x:0x%x", i, inb(0x71));
    }
    print(" \n");
}

static void dump_ports(void) {
    static const u16 ports[] = {0x61,  0x92,  0x64,  0x3F9, 0x3FA, 0x3FB, 0x3FC, 0x3FD,
                                0x3FE, 0x3FF, 0x2FD, 0x402, 0xE9,  0x80,  0x511};
    print("ports");
    for (u32 i = 0; i < ARRAY_LENGTH(ports); i++) print(" %x=0x%x", ports[i], inb(ports[i]));
    print(" \n");
}

void dump_devices(void) {
    print("PIC 0x%x 0x%x\n", inb(0x21), inb(0xA1));
    dump_ioapic();
    dump_cmos();
    dump_ports();
}

static void dump_hpet(void) {
    volatile u64 *hpet = map_physical(HPET_ADDRESS, PAGE_SIZE);
    print("HPET cap=0x%lx cfg=0x%lx sts=0x%lx cnt=0x%lx ", hpet[0], hpet[2], hpet[4], hpet[0xF0 / 8]);
    print("t0=0x%lx t1=0x%lx t2=0x%lx \n", hpet[0x100 / 8], hpet[0x120 / 8], hpet[0x140 / 8]);
}

void dump_page_tables(void) {
    const u64 *pml4 = phys_to_hhdm(read_cr3() & PTE_ADDRESS);
    print("PML4");
    for (u32 i = 0; i < 512; i++) {
        if (pml4[i] != 0) print(" 0x%x:0x%lx", i, pml4[i]);
    }
    print(" \n");
    dump_hpet();
}

void dump_cpuid(void) {
    static const u32 leaves[] = {0,          1,          2,          4,          5,          6,
                                 7,          0xB,        0xD,        0x15,       0x16,       0x40000000,
                                 0x40000001, 0x40000010, 0x80000000, 0x80000001, 0x80000007, 0x80000008};
    for (u32 i = 0; i < ARRAY_LENGTH(leaves); i++) {
        struct cpuid_result r = cpuid(leaves[i], 0);
        print("cpuid=0x%x 0x%x 0x%x 0x%x 0x%x\n", leaves[i], r.eax, r.ebx, r.ecx, r.edx);
    }
}
