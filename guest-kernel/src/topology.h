/*
 * What the firmware, the loader and the processor itself say of the CPUs, in one structure, and whether they agree.
 * ACPI 6.5, "Multiple APIC Description Table (MADT)"; SDM Vol. 3A, "Hierarchical Mapping of Shared Resources".
 */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include "madt.h"
#include "percpu.h"

enum topology_source { FROM_LEAF_1F, FROM_LEAF_B, FROM_LEAF_4, FROM_LEAF_1 };

struct topology {
    u32 bootstrap_id; /* APIC id of the boot CPU */
    u32 active_cpus;  /* enabled in the MADT */
    u64 lapic_address;
    u64 bus_hz;      /* of the local APIC's timer, undivided; 0 until calibrated */
    u32 ioapic_count;
    const struct madt *madt; /* has the I/O APICs, the flags and the NMI wires */
    u32 irq_map[ISA_IRQS];   /* global system interrupt of each ISA IRQ: the PIT is irq_map[0] */
    u32 flags;
    enum topology_source source;
    u32 core_shift, package_shift; /* APIC id >> these: core and package */
    u32 cpu_count;
    struct {
        u32 apic_id, uid, package, core, thread;
    } processors[MADT_MAX_CPUS];
};

/* Once, on the BSP. */
void topology_discover(void);
const struct topology *topology_get(void);
/* On each CPU: do CPUID, the local APIC and what we were told agree? */
void topology_check_self(const struct cpu *cpu);
/* How many disagreements were found so far. */
u32 topology_disagreements(void);
/* Says whether all agree; with debug=cpu everything that is known. */
void topology_report(void);

#endif
