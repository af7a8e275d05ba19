/* From vector to handler, EOI, and the way out. SDM Vol. 3A, "Handling Interrupts", "Signaling Interrupt Servicing Completion". */
#include "irq.h"

#include "ioapic.h"
#include "lapic.h"
#include "log.h"
#include "panic.h"
#include "percpu.h"
#include "twin.h"
#include "x86.h"

#define PIC1_DATA 0x21
#define PIC2_DATA 0xA1
#define PIC_ALL_MASKED 0xFF

static trap_handler handlers[VECTORS];              /* each written before its vector is used */
static void (*exit_hook)(struct trap_frame *frame); /* atomic; set once */
static u32 apic_errors;                             /* atomic */

static void dispatch(struct trap_frame *frame) {
    struct cpu *cpu = this_cpu();
    u64 begin = rdtsc();
    cpu->interrupts++;
    cpu->interrupt_depth++;
    trap_handler handler = __atomic_load_n(&handlers[frame->vector], __ATOMIC_ACQUIRE);
    if (handler == NULL) panic_at(frame, "interrupt vector %lx has no handler", frame->vector);
    handler(frame);
    if (!twin(NO_EOI) || frame->vector != VECTOR_TIMER) lapic_eoi();
    cpu->interrupt_depth--;
    cpu->cycles_interrupt += rdtsc() - begin;
    void (*hook)(struct trap_frame *) = __atomic_load_n(&exit_hook, __ATOMIC_ACQUIRE);
    if (hook != NULL && cpu->interrupt_depth == 0) hook(frame);
}

/* SDM Vol. 3A, "Spurious Interrupt": no EOI, for nothing is in service. */
static void on_spurious(struct trap_frame *frame) { (void)frame; }

static void on_apic_error(struct trap_frame *frame) {
    (void)frame;
    lapic_write(LAPIC_ESR, 0); /* latches what has happened */
    u32 status = lapic_read(LAPIC_ESR);
    __atomic_fetch_add(&apic_errors, 1, __ATOMIC_RELAXED);
    log_error("CPU %u: local APIC error, ESR %x", this_cpu()->index, status);
}

void irq_set_handler(u8 vector, trap_handler handler) {
    __atomic_store_n(&handlers[vector], handler, __ATOMIC_RELEASE);
    trap_set_handler(vector, dispatch);
}

void irq_set_exit_hook(void (*hook)(struct trap_frame *)) { __atomic_store_n(&exit_hook, hook, __ATOMIC_RELEASE); }

void irq_init(void) {
    outb(PIC1_DATA, PIC_ALL_MASKED);
    outb(PIC2_DATA, PIC_ALL_MASKED);
    trap_set_handler(VECTOR_SPURIOUS, on_spurious);
    irq_set_handler(VECTOR_APIC_ERROR, on_apic_error);
    if (!ioapic_init()) log_error("no I/O APIC in the MADT: device interrupts stay off");
}

bool irq_route_isa(u32 irq, u32 cpu, trap_handler handler) {
    u8 vector = (u8)(VECTOR_ISA + irq);
    irq_set_handler(vector, handler);
    return ioapic_route_isa(irq, vector, cpus[cpu].lapic_id);
}

void irq_mask_isa(u32 irq) { ioapic_mask_isa(irq); }

u32 irq_count(u32 cpu, u8 vector) { return __atomic_load_n(&cpus[cpu].vector_counts[vector], __ATOMIC_RELAXED); }

bool in_interrupt(void) { return this_cpu()->interrupt_depth != 0; }
