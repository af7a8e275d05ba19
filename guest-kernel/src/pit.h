#ifndef PIT_H
#define PIT_H

#include "types.h"

/* Waits by channel 2 of the 8254, 1 to 50000 microseconds. One CPU at a time. */
void pit_wait_us(u32 microseconds);

#endif
