#include "ioapic.h"

#include "madt.h"
#include "paging.h"

#define RTE_MASKED 0x10000UL

static volatile u8 *registers;
static struct madt madt;

u32 ioapic_read(u32 index) {
    *(volatile u32 *)registers = index;
    return *(volatile u32 *)(registers + 0x10);
}

static void write_register(u32 index, u32 value) {
    *(volatile u32 *)registers = index;
    *(volatile u32 *)(registers + 0x10) = value;
}

bool ioapic_init(void) {
    if (!madt_read(&madt) || madt.ioapic_address == 0) return false;
    registers = map_physical(madt.ioapic_address, PAGE_SIZE);
    for (u32 pin = 0; pin <= (ioapic_read(1) >> 16 & 0xFF); pin++) ioapic_route(pin, RTE_MASKED);
    return true;
}

u32 ioapic_isa_pin(u32 irq) { return madt.isa_gsi[irq]; }

void ioapic_route(u32 pin, u64 entry) {
    write_register(0x10 + 2 * pin, RTE_MASKED);
    write_register(0x11 + 2 * pin, (u32)(entry >> 32));
    write_register(0x10 + 2 * pin, (u32)entry);
}
