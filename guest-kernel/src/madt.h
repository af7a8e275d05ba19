/* What the MADT says of processors and interrupt wires. ACPI 6.5, "Multiple APIC Description Table (MADT)". */
#ifndef MADT_H
#define MADT_H

#include "types.h"

#define MADT_MAX_CPUS 256
#define MADT_MAX_IOAPICS 8
#define MADT_MAX_NMIS 16
#define ISA_IRQS 16
#define MADT_ALL_PROCESSORS 0xFFFFFFFFU
#define MADT_PCAT_COMPAT 1 /* of flags: there are 8259s, too */

struct madt {
    bool found;
    u64 lapic_address;
    u32 flags;
    u32 cpu_count; /* enabled ones only */
    struct {
        u32 apic_id, uid;
    } cpus[MADT_MAX_CPUS]; /* in table order */
    u32 disabled_count;
    u32 ioapic_count;
    struct {
        u32 id, gsi_base;
        u64 address;
    } ioapics[MADT_MAX_IOAPICS];
    u32 isa_gsi[ISA_IRQS];   /* global system interrupt behind each ISA IRQ */
    u16 isa_flags[ISA_IRQS]; /* MPS INTI flags, 0 where the bus default holds */
    u32 nmi_count;
    struct {
        u32 uid; /* MADT_ALL_PROCESSORS: each */
        u16 flags;
        u8 lint;
    } nmis[MADT_MAX_NMIS];
};

/* The MADT, read at the first call (from the BSP); found is false where there is none. */
const struct madt *madt_get(void);

#endif
