/* COM1, polled. PC16550D data sheet, "Registers". */
#include "serial.h"

#include "x86.h"

#define THR (COM1 + 0)
#define DLL (COM1 + 0)
#define IER (COM1 + 1)
#define DLM (COM1 + 1)
#define FCR (COM1 + 2)
#define LCR (COM1 + 3)
#define MCR (COM1 + 4)
#define LSR (COM1 + 5)

#define LCR_8N1 0x03
#define LCR_DLAB 0x80
#define FCR_ENABLE_AND_CLEAR 0x07
#define MCR_DTR_RTS_OUT2 0x0B
#define MCR_LOOP 0x10
#define LSR_DATA_READY 0x01
#define LSR_THRE 0x20
#define LSR_TEMT 0x40
#define LOOP_SPINS 100000
#define ABSENT 0xFF /* what an empty bus reads */

static bool present;

void serial_init(void) {
    present = inb(LSR) != ABSENT;
    if (!present) return;
    outb(IER, 0);
    outb(LCR, LCR_DLAB);
    outb(DLL, 1); /* 115200 baud */
    outb(DLM, 0);
    outb(LCR, LCR_8N1);
    outb(FCR, FCR_ENABLE_AND_CLEAR);
    outb(MCR, MCR_DTR_RTS_OUT2);
}

void serial_assume_present(void) { present = true; }

void serial_write(const char *text, size_t length) {
    if (!present) return;
    while (length-- > 0) {
        while ((inb(LSR) & LSR_THRE) == 0) pause();
        outb(THR, (u8)*text++);
    }
}

void serial_loop_back(u8 byte) {
    while ((inb(LSR) & LSR_TEMT) == 0) pause();
    outb(MCR, MCR_DTR_RTS_OUT2 | MCR_LOOP);
    outb(THR, byte);
    for (u32 i = 0; i < LOOP_SPINS && (inb(LSR) & LSR_DATA_READY) == 0; i++) pause();
    outb(MCR, MCR_DTR_RTS_OUT2);
}
