/* PC16550D data sheet, "Interrupt Enable Register", "Line Status Register". */
#include "serial_input.h"

#include "irq.h"
#include "lock.h"
#include "serial.h"
#include "x86.h"

#define RBR (COM1 + 0)
#define IER (COM1 + 1)
#define IIR (COM1 + 2)
#define LSR (COM1 + 5)
#define IER_RECEIVED 0x01
#define LSR_DATA_READY 0x01
#define ABSENT 0xFF
#define BUFFER_SIZE 256

static struct spinlock lock = SPINLOCK("serial input", RANK_IRQ); /* guards the buffer */
static u8 buffer[BUFFER_SIZE];
static u32 head, tail; /* bytes put in and taken out since boot */
static void (*hook)(void); /* atomic */

/* The UART's wire is edge-triggered on the ISA bus: the cause must be gone, or no further edge comes. */
static void on_receive(struct trap_frame *frame) {
    (void)frame;
    u64 flags = spin_lock(&lock);
    (void)inb(IIR);
    while ((inb(LSR) & LSR_DATA_READY) != 0) {
        u8 byte = inb(RBR);
        if (head - tail < BUFFER_SIZE) buffer[head++ % BUFFER_SIZE] = byte; /* full: lost, as in the chip */
    }
    spin_unlock(&lock, flags);
    void (*call)(void) = __atomic_load_n(&hook, __ATOMIC_ACQUIRE);
    if (call != NULL) call();
}

bool serial_input_init(u32 cpu) {
    if (inb(LSR) == ABSENT) return false;
    if (!irq_route_isa(IRQ_COM1, cpu, on_receive)) return false;
    outb(IER, IER_RECEIVED);
    return true;
}

int serial_input_read(void) {
    SPIN_GUARD(&lock);
    return head == tail ? -1 : buffer[tail++ % BUFFER_SIZE];
}

void serial_input_set_hook(void (*call)(void)) { __atomic_store_n(&hook, call, __ATOMIC_RELEASE); }
