/* Interrupt controllers used wrongly. SDM Vol. 3A, "Advanced Programmable Interrupt Controller (APIC)". */
#include "faults.h"

#include "ioapic.h"
#include "lapic.h"
#include "memory.h"
#include "paging.h"
#include "trap.h"
#include "x86.h"

#define VECTOR_TIMER 0x20
#define VECTOR_LOST 0xF1
#define IO_APIC 0xFEC00000UL
#define LOCAL_APIC 0xFEE00000UL
#define REDIRECTION_LOW(pin) (0x10 + 2 * (pin))

static struct fault_tables ap_tables;
static volatile u32 ap_ready;
static volatile u32 *xapic; /* written as an old kernel does, in xAPIC mode */

static void idle(void) {
    for (;;) sti_hlt();
}

static void enable(void) {
    xapic = map_physical(LOCAL_APIC, 4096);
    xapic[LAPIC_SVR / 4] = SVR_ENABLE | SPURIOUS_VECTOR;
    xapic[LAPIC_TPR / 4] = 0;
}

/* The destination belongs into bits 63:56 of the ICR, not into 39:32. */
static __attribute__((noinline)) void send_init(u32 apic_id) {
    xapic[LAPIC_ICR_HIGH / 4] = apic_id;
    xapic[LAPIC_ICR_LOW / 4] = ICR_FIXED | ICR_ASSERT | VECTOR_LOST;
}

static void wrong_icr(void) {
    enable();
    send_init(1);
}

static void wait_for_ipi(void) {
    tables_fill(&ap_tables);
    tables_load(&ap_tables);
    xapic[LAPIC_SVR / 4] = SVR_ENABLE | SPURIOUS_VECTOR;
    ap_ready = 1;
    idle();
}

static __attribute__((noinline)) void send_ipi(u32 apic_id, u8 vector) {
    xapic[LAPIC_ICR_HIGH / 4] = apic_id << 24;
    xapic[LAPIC_ICR_LOW / 4] = ICR_FIXED | ICR_ASSERT | vector;
}

static void ipi_without_gate(void) {
    enable();
    start_first_ap(wait_for_ipi);
    while (ap_ready == 0) pause();
    send_ipi(1, VECTOR_LOST);
    for (;;) pause();
}

/* The count is written while the entry is masked, and the mask stays. */
static __attribute__((noinline)) void start_timer(void) {
    xapic[LAPIC_DIVIDE / 4] = DIVIDE_BY_16;
    xapic[LAPIC_INITIAL_COUNT / 4] = 100000;
}

static void lvt_masked(void) {
    enable();
    xapic[LAPIC_LVT_TIMER / 4] = LVT_MASKED | VECTOR_TIMER;
    start_timer();
    idle();
}

static __attribute__((noinline)) void route(u32 pin, u32 apic_id) {
    volatile u32 *io = map_physical(IO_APIC, 4096);
    io[0] = REDIRECTION_LOW(pin) + 1;
    io[4] = apic_id << 24;
    io[0] = REDIRECTION_LOW(pin);
    io[4] = VECTOR_TIMER + 4;
}

static void ioapic_to_absent_cpu(void) {
    enable();
    route(4, 9);
    idle();
}

static u32 ticks;
static void count_tick(struct trap_frame *frame) {
    (void)frame;
    ticks++;
}

static void missing_eoi(void) {
    enable();
    trap_set_handler(VECTOR_TIMER, count_tick);
    xapic[LAPIC_DIVIDE / 4] = DIVIDE_BY_16;
    xapic[LAPIC_LVT_TIMER / 4] = LVT_PERIODIC | VECTOR_TIMER;
    xapic[LAPIC_INITIAL_COUNT / 4] = 100000;
    idle();
}

const struct fault interrupt_faults[] = {
    {"wrong-icr", wrong_icr},
    {"ipi-without-gate", ipi_without_gate},
    {"lvt-masked", lvt_masked},
    {"ioapic-to-absent-cpu", ioapic_to_absent_cpu},
    {"missing-eoi", missing_eoi},
    {NULL, NULL},
};
