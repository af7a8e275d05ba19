/* The MADT. ACPI 6.5, "Interrupt Controller Structure Types". */
#include "madt.h"

#include "acpi.h"

#define MADT_LAPIC_ADDRESS 36
#define MADT_FLAGS 40
#define MADT_ENTRIES 44

enum entry_type {
    LOCAL_APIC = 0,
    IO_APIC = 1,
    INTERRUPT_SOURCE_OVERRIDE = 2,
    LOCAL_APIC_NMI = 4,
    LOCAL_APIC_ADDRESS_OVERRIDE = 5,
    LOCAL_X2APIC = 9,
    LOCAL_X2APIC_NMI = 10,
};
#define FLAG_ENABLED 1
#define UID8_ALL 0xFF

static struct madt madt; /* written once, by the BSP before it starts others */

static u16 u16_at(const u8 *at) { return (u16)(at[0] | at[1] << 8); }

static void add_cpu(u32 apic_id, u32 uid, u32 flags) {
    if ((flags & FLAG_ENABLED) == 0) {
        madt.disabled_count++;
    } else if (madt.cpu_count < MADT_MAX_CPUS) {
        madt.cpus[madt.cpu_count].apic_id = apic_id;
        madt.cpus[madt.cpu_count++].uid = uid;
    }
}

static void add_ioapic(const u8 *entry) {
    if (madt.ioapic_count == MADT_MAX_IOAPICS) return;
    madt.ioapics[madt.ioapic_count].id = entry[2];
    madt.ioapics[madt.ioapic_count].address = acpi_u32(entry + 4);
    madt.ioapics[madt.ioapic_count++].gsi_base = acpi_u32(entry + 8);
}

static void add_override(const u8 *entry) {
    if (entry[3] >= ISA_IRQS) return;
    madt.isa_gsi[entry[3]] = acpi_u32(entry + 4);
    madt.isa_flags[entry[3]] = u16_at(entry + 8);
}

static void add_nmi(u32 uid, u16 flags, u8 lint) {
    if (madt.nmi_count == MADT_MAX_NMIS) return;
    madt.nmis[madt.nmi_count].uid = uid;
    madt.nmis[madt.nmi_count].flags = flags;
    madt.nmis[madt.nmi_count++].lint = lint;
}

static void read_entry(const u8 *entry) {
    switch (entry[0]) {
    case LOCAL_APIC: add_cpu(entry[3], entry[2], acpi_u32(entry + 4)); break;
    case LOCAL_X2APIC: add_cpu(acpi_u32(entry + 4), acpi_u32(entry + 12), acpi_u32(entry + 8)); break;
    case IO_APIC: add_ioapic(entry); break;
    case INTERRUPT_SOURCE_OVERRIDE: add_override(entry); break;
    case LOCAL_APIC_NMI: add_nmi(entry[2] == UID8_ALL ? MADT_ALL_PROCESSORS : entry[2], u16_at(entry + 3), entry[5]); break;
    case LOCAL_X2APIC_NMI: add_nmi(acpi_u32(entry + 4), u16_at(entry + 2), entry[8]); break;
    case LOCAL_APIC_ADDRESS_OVERRIDE: madt.lapic_address = acpi_u64(entry + 4); break;
    default: break;
    }
}

const struct madt *madt_get(void) {
    if (madt.found) return &madt;
    for (u32 irq = 0; irq < ISA_IRQS; irq++) madt.isa_gsi[irq] = irq;
    const u8 *table = acpi_find("APIC");
    if (table == NULL) return &madt;
    madt.found = true;
    madt.lapic_address = acpi_u32(table + MADT_LAPIC_ADDRESS);
    madt.flags = acpi_u32(table + MADT_FLAGS);
    const u8 *end = table + acpi_length(table);
    for (const u8 *entry = table + MADT_ENTRIES; entry + 2 <= end && entry[1] >= 2 && entry + entry[1] <= end; entry += entry[1]) {
        read_entry(entry);
    }
    return &madt;
}
