/* Intel 82093AA data sheet, "I/O APIC Registers". */
#ifndef IOAPIC_H
#define IOAPIC_H

#include "types.h"

/* Finds the I/O APIC in the MADT and masks its pins; false where there is none. */
bool ioapic_init(void);
u32 ioapic_read(u32 index);
/* The pin behind an ISA IRQ, after the MADT's overrides. */
u32 ioapic_isa_pin(u32 irq);
/* Writes a redirection entry; the half with the mask bit last. */
void ioapic_route(u32 pin, u64 entry);

#endif
