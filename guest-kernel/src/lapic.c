/* The local APIC. SDM Vol. 3A, "Local APIC Register Address Map", "x2APIC Register Address Space". */
#include "lapic.h"

#include "cmdline.h"
#include "irq.h"
#include "madt.h"
#include "paging.h"
#include "spinlock.h"
#include "x86.h"

#define X2APIC_MSR(offset) (0x800 + ((offset) >> 4))
#define CPUID_1_ECX_X2APIC (1U << 21)
#define APIC_BASE_ADDRESS 0x000FFFFFFFFFF000UL

static volatile u8 *registers;

bool lapic_is_x2apic(void) { return (rdmsr(MSR_APIC_BASE) & APIC_BASE_X2APIC) != 0; }

void lapic_map(void) { registers = map_physical(rdmsr(MSR_APIC_BASE) & APIC_BASE_ADDRESS, PAGE_SIZE); }

volatile void *lapic_registers(void) { return registers; }

void lapic_enable(void) {
    lapic_write(LAPIC_TPR, 0);
    lapic_write(LAPIC_SVR, SVR_ENABLE | SPURIOUS_VECTOR);
}

static void enter_x2apic(void) {
    if ((cpuid(1, 0).ecx & CPUID_1_ECX_X2APIC) == 0 || lapic_is_x2apic() || cmdline_is("apic", "xapic")) return;
    wrmsr(MSR_APIC_BASE, rdmsr(MSR_APIC_BASE) | APIC_BASE_X2APIC);
}

/* The wires of LINT0 and LINT1; ACPI 6.5, "Local APIC NMI Structure". LINT0 stays masked: the 8259s are not used. */
static void wire_nmi(u32 processor_id) {
    const struct madt *madt = madt_get();
    lapic_write(LAPIC_LVT_LINT0, LVT_MASKED);
    lapic_write(LAPIC_LVT_LINT1, LVT_MASKED);
    for (u32 i = 0; i < madt->nmi_count; i++) {
        if (madt->nmis[i].uid != MADT_ALL_PROCESSORS && madt->nmis[i].uid != processor_id) continue;
        lapic_write(madt->nmis[i].lint == 0 ? LAPIC_LVT_LINT0 : LAPIC_LVT_LINT1, LVT_NMI);
    }
}

void lapic_cpu_init(u32 processor_id) {
    enter_x2apic();
    lapic_enable();
    lapic_write(LAPIC_LVT_TIMER, LVT_MASKED);
    lapic_write(LAPIC_LVT_THERMAL, LVT_MASKED);
    lapic_write(LAPIC_LVT_PERFORMANCE, LVT_MASKED);
    wire_nmi(processor_id);
    lapic_write(LAPIC_ESR, 0);
    lapic_write(LAPIC_LVT_ERROR, VECTOR_APIC_ERROR);
}

u32 lapic_read(u32 offset) {
    if (lapic_is_x2apic()) return (u32)rdmsr(X2APIC_MSR(offset));
    return *(volatile u32 *)(registers + offset);
}

void lapic_write(u32 offset, u32 value) {
    if (lapic_is_x2apic()) wrmsr(X2APIC_MSR(offset), value);
    else *(volatile u32 *)(registers + offset) = value;
}

u32 lapic_id(void) { return lapic_is_x2apic() ? lapic_read(LAPIC_ID) : lapic_read(LAPIC_ID) >> 24; }

void lapic_eoi(void) { lapic_write(LAPIC_EOI, 0); }

/* The two halves of the ICR belong together: nobody on this CPU may send in between. */
void lapic_ipi(u32 destination, u32 command) {
    IRQ_GUARD();
    if (lapic_is_x2apic()) {
        asm volatile("mfence" : : : "memory"); /* the MSR write does not order stores: SDM, "MSR Access in x2APIC Mode" */
        wrmsr(X2APIC_MSR(LAPIC_ICR_LOW), (u64)destination << 32 | command);
        return;
    }
    while ((lapic_read(LAPIC_ICR_LOW) & ICR_DELIVERY_PENDING) != 0) pause();
    lapic_write(LAPIC_ICR_HIGH, destination << 24);
    lapic_write(LAPIC_ICR_LOW, command);
}
