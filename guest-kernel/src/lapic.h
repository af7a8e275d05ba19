/* The local APIC, in xAPIC or x2APIC mode. SDM Vol. 3A, "Advanced Programmable Interrupt Controller (APIC)". */
#ifndef LAPIC_H
#define LAPIC_H

#include "types.h"

enum lapic_register {
    LAPIC_ID = 0x20,
    LAPIC_VERSION = 0x30,
    LAPIC_TPR = 0x80,
    LAPIC_EOI = 0xB0,
    LAPIC_LDR = 0xD0,
    LAPIC_DFR = 0xE0,
    LAPIC_SVR = 0xF0,
    LAPIC_ISR = 0x100,
    LAPIC_IRR = 0x200,
    LAPIC_ESR = 0x280,
    LAPIC_ICR_LOW = 0x300,
    LAPIC_ICR_HIGH = 0x310,
    LAPIC_LVT_TIMER = 0x320,
    LAPIC_LVT_THERMAL = 0x330,
    LAPIC_LVT_PERFORMANCE = 0x340,
    LAPIC_LVT_LINT0 = 0x350,
    LAPIC_LVT_LINT1 = 0x360,
    LAPIC_LVT_ERROR = 0x370,
    LAPIC_INITIAL_COUNT = 0x380,
    LAPIC_CURRENT_COUNT = 0x390,
    LAPIC_DIVIDE = 0x3E0,
};

#define SVR_ENABLE 0x100
#define LVT_MASKED 0x10000
#define LVT_NMI 0x400
#define LVT_PERIODIC 0x20000
#define LVT_TSC_DEADLINE 0x40000
#define DIVIDE_BY_1 0xB
#define DIVIDE_BY_16 0x3

#define ICR_FIXED 0x000
#define ICR_LOWEST_PRIORITY 0x100
#define ICR_NMI 0x400
#define ICR_INIT 0x500
#define ICR_STARTUP 0x600
#define ICR_LOGICAL 0x800
#define ICR_DELIVERY_PENDING 0x1000
#define ICR_ASSERT 0x4000
#define ICR_SELF 0x40000
#define ICR_ALL 0x80000
#define ICR_ALL_BUT_SELF 0xC0000

#define APIC_BASE_X2APIC (1UL << 10)
#define SPURIOUS_VECTOR 0xFF

/* Maps the registers where the loader did not; once, on the BSP. */
void lapic_map(void);
/*
 * This CPU's APIC as the kernel wants it: x2APIC mode where the processor offers it (not with "apic=xapic" on the command line),
 * enabled, every local vector masked but errors, and NMI where the MADT wires it.
 */
void lapic_cpu_init(u32 processor_id);
/* Where the registers are mapped. */
volatile void *lapic_registers(void);
/* Software-enables this CPU's APIC with the task priority at 0. */
void lapic_enable(void);
u32 lapic_read(u32 offset);
void lapic_write(u32 offset, u32 value);
u32 lapic_id(void);
void lapic_eoi(void);
bool lapic_is_x2apic(void);
/* Sends an IPI; the destination does not matter where the command has a shorthand. */
void lapic_ipi(u32 destination, u32 command);

#endif
