/* The I/O APICs. Intel 82093AA data sheet, "I/O APIC Registers". */
#include "ioapic.h"

#include "lock.h"
#include "madt.h"
#include "paging.h"

#define REGISTER_SELECT 0x00
#define REGISTER_WINDOW 0x10
#define IOAPIC_VERSION 1
#define RTE_LOW(pin) (0x10 + 2 * (pin))
#define RTE_HIGH(pin) (0x11 + 2 * (pin))

/* MPS INTI flags; ACPI 6.5, "MPS INTI Flags". */
#define INTI_POLARITY 0x3
#define INTI_POLARITY_LOW 0x3
#define INTI_TRIGGER 0xC
#define INTI_TRIGGER_LEVEL 0xC

struct ioapic {
    volatile u8 *registers;
    u32 gsi_base;
    u32 pins;
};

static struct spinlock lock = SPINLOCK("ioapic", RANK_IRQ); /* guards the select and window pair */
static struct ioapic ioapics[MADT_MAX_IOAPICS];             /* fixed after ioapic_init */
static u32 ioapic_count;

static u32 read_register(const struct ioapic *io, u32 index) {
    *(volatile u32 *)(io->registers + REGISTER_SELECT) = index;
    return *(volatile u32 *)(io->registers + REGISTER_WINDOW);
}

static void write_register(const struct ioapic *io, u32 index, u32 value) {
    *(volatile u32 *)(io->registers + REGISTER_SELECT) = index;
    *(volatile u32 *)(io->registers + REGISTER_WINDOW) = value;
}

static const struct ioapic *behind(u32 gsi) {
    for (u32 i = 0; i < ioapic_count; i++) {
        if (gsi >= ioapics[i].gsi_base && gsi < ioapics[i].gsi_base + ioapics[i].pins) return &ioapics[i];
    }
    return NULL;
}

bool ioapic_init(void) {
    const struct madt *madt = madt_get();
    ioapic_count = 0;
    for (u32 i = 0; i < madt->ioapic_count; i++) {
        struct ioapic *io = &ioapics[ioapic_count++];
        io->registers = map_physical(madt->ioapics[i].address, PAGE_SIZE);
        io->gsi_base = madt->ioapics[i].gsi_base;
        io->pins = (read_register(io, IOAPIC_VERSION) >> 16 & 0xFF) + 1;
        for (u32 pin = 0; pin < io->pins; pin++) ioapic_route(io->gsi_base + pin, RTE_MASKED);
    }
    return behind(0) != NULL;
}

u32 ioapic_read(u32 index) {
    SPIN_GUARD(&lock);
    return read_register(behind(0), index);
}

bool ioapic_route(u32 gsi, u64 entry) {
    const struct ioapic *io = behind(gsi);
    if (io == NULL) return false;
    u32 pin = gsi - io->gsi_base;
    SPIN_GUARD(&lock);
    write_register(io, RTE_LOW(pin), RTE_MASKED);
    write_register(io, RTE_HIGH(pin), (u32)(entry >> 32));
    write_register(io, RTE_LOW(pin), (u32)entry);
    return true;
}

u64 ioapic_entry(u32 gsi) {
    const struct ioapic *io = behind(gsi);
    if (io == NULL) return RTE_MASKED;
    u32 pin = gsi - io->gsi_base;
    SPIN_GUARD(&lock);
    return (u64)read_register(io, RTE_HIGH(pin)) << 32 | read_register(io, RTE_LOW(pin));
}

u32 ioapic_isa_pin(u32 irq) { return madt_get()->isa_gsi[irq]; }

bool ioapic_route_isa(u32 irq, u8 vector, u32 lapic_id) {
    u16 flags = madt_get()->isa_flags[irq];
    u64 entry = (u64)lapic_id << 56 | vector; /* the bus default of ISA: edge, active high */
    if ((flags & INTI_POLARITY) == INTI_POLARITY_LOW) entry |= RTE_ACTIVE_LOW;
    if ((flags & INTI_TRIGGER) == INTI_TRIGGER_LEVEL) entry |= RTE_LEVEL;
    return ioapic_route(ioapic_isa_pin(irq), entry);
}

void ioapic_mask_isa(u32 irq) { ioapic_route(ioapic_isa_pin(irq), RTE_MASKED); }
