/* PC16550D data sheet, "Interrupt Identification Register", "Loop". The port is the one we log to, so each test is short. */
#include "ioapic.h"
#include "irq.h"
#include "serial.h"

#define RBR_THR (COM1 + 0)
#define IER (COM1 + 1)
#define IIR (COM1 + 2)
#define FCR (COM1 + 2)
#define MCR (COM1 + 4)
#define LSR (COM1 + 5)
#define IER_RECEIVED 1
#define IER_THRE 2
#define IIR_CAUSE 0x0F
#define IIR_NONE 1
#define IIR_THRE 2
#define IIR_RECEIVED 4
#define MCR_NORMAL 0x0B
#define MCR_LOOP 0x1B
#define LSR_DATA_READY 1
#define LSR_EMPTY 0x40
#define COM1_IRQ 4
#define FCR_ONE_BYTE_TRIGGER 0x07

static u32 thre_count;

static void on_uart(struct trap_frame *frame) {
    (void)frame;
    if ((inb(IIR) & IIR_CAUSE) == IIR_THRE) thre_count++; /* reading the cause clears it */
    lapic_eoi();
}

static void drain(void) {
    while ((inb(LSR) & LSR_EMPTY) == 0) pause();
}

static void test_thre(void) {
    trap_set_handler(TEST_VECTOR_A, on_uart);
    drain();
    ioapic_route(ioapic_isa_pin(COM1_IRQ), (u64)lapic_id() << 56 | TEST_VECTOR_A);
    outb(IER, IER_THRE);
    u64 deadline = deadline_us(PATIENCE_US);
    sti();
    while (*(volatile u32 *)&thre_count < 1 && !deadline_passed(deadline)) pause();
    cli();
    u32 at_enabling = thre_count;
    outb(RBR_THR, '#');
    deadline = deadline_us(PATIENCE_US);
    sti();
    while (*(volatile u32 *)&thre_count < at_enabling + 1 && !deadline_passed(deadline)) pause();
    outb(RBR_THR, '\n');
    wait_us(1000);
    cli();
    outb(IER, 0);
    ioapic_route(ioapic_isa_pin(COM1_IRQ), RTE_MASKED);
    tap_check(at_enabling >= 1, "enabling the THRE interrupt with an empty transmitter raises it");
    tap_check(thre_count > at_enabling, "and so does the end of each transmission");
}

/* Only IIR is looked at: on PC boards OUT2 gates the wire, and loop mode forces OUT2 off. */
static void test_loop(void) {
    drain();
    outb(FCR, FCR_ONE_BYTE_TRIGGER);
    outb(MCR, MCR_LOOP);
    outb(IER, IER_RECEIVED);
    u8 before = inb(IIR) & IIR_CAUSE;
    outb(RBR_THR, 0xAE);
    u64 deadline = deadline_us(PATIENCE_US);
    while ((inb(LSR) & LSR_DATA_READY) == 0 && !deadline_passed(deadline)) pause();
    u8 cause = inb(IIR) & IIR_CAUSE;
    u8 data = inb(RBR_THR);
    u8 after = inb(IIR) & IIR_CAUSE;
    outb(IER, 0);
    outb(MCR, MCR_NORMAL);
    tap_check(before == IIR_NONE && cause == IIR_RECEIVED && after == IIR_NONE,
              "a byte in loop mode is a received-data interrupt until it is read (%x %x %x)", before, cause, after);
    tap_check(data == 0xAE, "and reads as it was sent");
}

void test_uart(void) {
    if (!ioapic_init()) {
        tap_skip("no I/O APIC in the MADT");
        return;
    }
    test_thre();
    test_loop();
}
