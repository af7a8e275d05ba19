/*
 * Interrupt vectors and the handlers behind them. SDM Vol. 3A, "Interrupt Vectors", "Priority Among Simultaneous Interrupts":
 * a higher vector wins, so IPIs lie above devices.
 *
 * A handler runs with interrupts off. The EOI is sent behind it, and then the exit hook runs, which may switch tasks.
 */
#ifndef IRQ_H
#define IRQ_H

#include "trap.h"

enum irq_vector {
    VECTOR_ISA = 0x20,     /* IRQ n of the ISA bus: VECTOR_ISA + n */
    VECTOR_SYSCALL = 0x80, /* INT 80h */
    VECTOR_TEST = 0xD0,    /* to 0xDF: free for the suite */
    VECTOR_TIMER = 0xE0,
    VECTOR_IPI = 0xF0, /* reschedule, TLB, timer: told apart by bits in memory */
    VECTOR_CALL = 0xF1,
    VECTOR_STOP = 0xF2, /* halt, shutdown */
    VECTOR_APIC_ERROR = 0xFE,
    VECTOR_SPURIOUS = 0xFF,
};

enum isa_irq { IRQ_PIT = 0, IRQ_COM1 = 4, IRQ_RTC = 8 };

/* Once, on the BSP: 8259s masked, I/O APICs found and masked, spurious and error vectors. Needs the MADT and the LAPIC. */
void irq_init(void);
/* Called with the frame, interrupts off, before the EOI. NULL takes the handler away. */
void irq_set_handler(u8 vector, trap_handler handler);
/* After the EOI of every interrupt, interrupts off, only at the outermost level; it may switch tasks. */
void irq_set_exit_hook(void (*hook)(struct trap_frame *frame));
/* Sends an ISA interrupt, by the MADT's overrides, to a CPU with vector VECTOR_ISA + irq; false where no pin is wired to it. */
bool irq_route_isa(u32 irq, u32 cpu, trap_handler handler);
void irq_mask_isa(u32 irq);
/* How often a CPU took a vector. */
u32 irq_count(u32 cpu, u8 vector);
bool in_interrupt(void);

#endif
