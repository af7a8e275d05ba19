/* What the MADT says of processors and interrupt wires. ACPI 6.5, "Multiple APIC Description Table (MADT)". */
#ifndef MADT_H
#define MADT_H

#include "types.h"

#define MADT_MAX_CPUS 256
#define ISA_IRQS 16

struct madt {
    u64 lapic_address;
    u32 cpu_count;
    u32 apic_ids[MADT_MAX_CPUS]; /* enabled processors, in table order */
    u64 ioapic_address;          /* the I/O APIC whose interrupts begin at 0; 0: none */
    u32 isa_gsi[ISA_IRQS];       /* global system interrupt behind each ISA IRQ */
    u16 isa_flags[ISA_IRQS];     /* MPS INTI flags, 0 where the bus default holds */
};

/* Reads the MADT; false where there is none. */
bool madt_read(struct madt *madt);

#endif
