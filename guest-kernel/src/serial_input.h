/* What COM1 receives, by interrupt. PC16550D data sheet, "Interrupt Enable Register". */
#ifndef SERIAL_INPUT_H
#define SERIAL_INPUT_H

#include "types.h"

/* Received bytes go into a buffer from now on, by IRQ 4 to this CPU. False where there is no port or no pin. After irq_init. */
bool serial_input_init(u32 cpu);
/* The next received byte, -1 where there is none. Any CPU. */
int serial_input_read(void);
/* The hook runs in the interrupt handler when bytes have come. */
void serial_input_set_hook(void (*hook)(void));

#endif
