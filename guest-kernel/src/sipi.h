/* Starting one processor by INIT and start-up IPIs. SDM Vol. 3A, "MP Initialization Protocol Algorithm". */
#ifndef SIPI_H
#define SIPI_H

#include "percpu.h"

/* INIT to processors that may be parked in low memory, before the trampoline is put there. */
void sipi_reset(u32 lapic_id);
/*
 * INIT, 10 ms, start-up IPI, and a second one where the first brings no answer. The processor calls entry(cpu) on its boot stack.
 * False where its state has not left CPU_STARTING after timeout_us. One at a time.
 */
bool sipi_start(struct cpu *cpu, void (*entry)(struct cpu *cpu), u64 timeout_us);

#endif
