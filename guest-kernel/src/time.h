/* Time by the TSC. SDM Vol. 3B, "Time-Stamp Counter". */
#ifndef TIME_H
#define TIME_H

#include "types.h"

/* TSC ticks per second: from the loader where it tells, else measured against the 8254 once. First call from the BSP. */
u64 tsc_hz(void);
/* The TSC value that lies this many microseconds ahead. */
u64 deadline_us(u64 microseconds);
bool deadline_passed(u64 deadline);
/* Waits by PAUSE; any CPU. */
void wait_us(u64 microseconds);

#endif
