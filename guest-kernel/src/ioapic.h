/* The I/O APICs. Intel 82093AA data sheet, "I/O APIC Registers"; ACPI 6.5, "Interrupt Source Override Structure". */
#ifndef IOAPIC_H
#define IOAPIC_H

#include "types.h"

#define RTE_MASKED 0x10000UL
#define RTE_REMOTE_IRR 0x4000UL
#define RTE_LEVEL 0x8000UL
#define RTE_ACTIVE_LOW 0x2000UL

/* Finds the I/O APICs in the MADT and masks their pins; false where there is none. Once, on the BSP. */
bool ioapic_init(void);
/* A register of the I/O APIC that serves global system interrupt 0. */
u32 ioapic_read(u32 index);
/* The global system interrupt behind an ISA IRQ, after the MADT's overrides. */
u32 ioapic_isa_pin(u32 irq);
/* Writes the redirection entry of a global system interrupt; the half with the mask bit last. False where no pin has it. */
bool ioapic_route(u32 gsi, u64 entry);
u64 ioapic_entry(u32 gsi);
/* An ISA interrupt to one CPU, polarity and trigger mode by the override's flags. */
bool ioapic_route_isa(u32 irq, u8 vector, u32 lapic_id);
void ioapic_mask_isa(u32 irq);

#endif
