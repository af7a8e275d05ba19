/* Starting the other processors that the loader parked. Limine PROTOCOL.md, "MP (Multiprocessor) Feature". */
#ifndef SMP_H
#define SMP_H

#include "cpu.h"

/* How many processors the loader reported; 1 where it answered no MP request. */
u32 smp_cpu_count(void);
/*
 * Sends every AP to ap_main, which runs on its own stack with its descriptor tables loaded and must not return.
 * Waits for all to arrive; false, with each missing one named, when the time is over.
 */
bool smp_start(void (*ap_main)(struct cpu *cpu));

#endif
