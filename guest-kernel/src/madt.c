/* The MADT. ACPI 6.5, "Interrupt Controller Structure Types". */
#include "madt.h"

#include "acpi.h"

#define MADT_LAPIC_ADDRESS 36
#define MADT_ENTRIES 44

enum entry_type {
    LOCAL_APIC = 0,
    IO_APIC = 1,
    INTERRUPT_SOURCE_OVERRIDE = 2,
    LOCAL_APIC_ADDRESS_OVERRIDE = 5,
    LOCAL_X2APIC = 9,
};
#define FLAG_ENABLED 1

static void add_cpu(struct madt *madt, u32 apic_id, u32 flags) {
    if ((flags & FLAG_ENABLED) != 0 && madt->cpu_count < MADT_MAX_CPUS) madt->apic_ids[madt->cpu_count++] = apic_id;
}

static void read_entry(struct madt *madt, const u8 *entry) {
    switch (entry[0]) {
    case LOCAL_APIC: add_cpu(madt, entry[3], acpi_u32(entry + 4)); break;
    case LOCAL_X2APIC: add_cpu(madt, acpi_u32(entry + 4), acpi_u32(entry + 8)); break;
    case IO_APIC:
        if (acpi_u32(entry + 8) == 0) madt->ioapic_address = acpi_u32(entry + 4);
        break;
    case INTERRUPT_SOURCE_OVERRIDE:
        if (entry[3] < ISA_IRQS) {
            madt->isa_gsi[entry[3]] = acpi_u32(entry + 4);
            madt->isa_flags[entry[3]] = (u16)(entry[8] | entry[9] << 8);
        }
        break;
    case LOCAL_APIC_ADDRESS_OVERRIDE: madt->lapic_address = acpi_u64(entry + 4); break;
    default: break;
    }
}

bool madt_read(struct madt *madt) {
    *madt = (struct madt){0};
    for (u32 irq = 0; irq < ISA_IRQS; irq++) madt->isa_gsi[irq] = irq;
    const u8 *table = acpi_find("APIC");
    if (table == NULL) return false;
    madt->lapic_address = acpi_u32(table + MADT_LAPIC_ADDRESS);
    const u8 *end = table + acpi_length(table);
    for (const u8 *entry = table + MADT_ENTRIES; entry + 2 <= end && entry[1] >= 2; entry += entry[1]) {
        read_entry(madt, entry);
    }
    return true;
}
