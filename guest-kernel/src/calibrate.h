/* How fast a clock runs, by the 8254. */
#ifndef CALIBRATE_H
#define CALIBRATE_H

#include "types.h"

/* Counts per second of a clock that counts up. One CPU at a time, interrupts off. */
u64 calibrate(u64 (*read)(void));

#endif
