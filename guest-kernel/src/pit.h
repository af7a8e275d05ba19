#ifndef PIT_H
#define PIT_H

#include "types.h"

#define PIT_HZ 1193182UL

/* Waits by channel 2 of the 8254, 1 to 50000 microseconds. One CPU at a time. */
void pit_wait_us(u32 microseconds);
/* Channel 2 as a stopwatch of at most 54 ms: started, and how many periods of PIT_HZ have gone by. */
void pit_counter_start(void);
u32 pit_counter_read(void);
/* Channel 0 interrupts so many times a second (19 or more) from now on. Intel 8254 data sheet, "Mode 2: Rate Generator". */
void pit_periodic(u32 hz);

#endif
