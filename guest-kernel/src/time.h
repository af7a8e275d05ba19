/* Time by the TSC. SDM Vol. 3B, "Time-Stamp Counter". */
#ifndef TIME_H
#define TIME_H

#include "types.h"

/* TSC ticks per second: from the loader where it tells, else measured against the 8254 once. First call from the BSP. */
u64 tsc_hz(void);
/* The TSC value that lies this many microseconds ahead. */
u64 deadline_us(u64 microseconds);
bool deadline_passed(u64 deadline);

/*
 * How long to wait for another CPU before it counts as lost. The host of a virtual machine takes cores away as it likes, and the
 * TSC goes on meanwhile: a deadline may pass before the other CPU had a chance to execute one instruction. So only the time counts
 * in which the waiter itself was running: of a gap between two looks no more than PATIENCE_STEP_US. Whoever shares the host's cores
 * fairly with us had about as much time as we did.
 */
#define PATIENCE_STEP_US 10000
struct patience {
    u64 left, last; /* TSC */
};
/* How much of the time since *last the caller was running; *last becomes now. */
u64 time_running(u64 *last);
struct patience patience_us(u64 microseconds);
/* To be asked again and again; true once so much time has passed. */
bool patience_ends(struct patience *patience);

/* Waits with PAUSE for something that another CPU does; true where it was done. */
#define WAIT_UNTIL(condition, microseconds)                                                        \
    ({                                                                                             \
        struct patience patience = patience_us(microseconds);                                      \
        while (!(condition) && !patience_ends(&patience)) pause();                                 \
        (condition);                                                                               \
    })
/* Waits by PAUSE; any CPU. */
void wait_us(u64 microseconds);

#endif
