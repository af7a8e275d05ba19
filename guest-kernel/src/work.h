/*
 * A function for another CPU to run outside of any interrupt handler, with interrupts on: picked up by the idle loop. For the
 * boot and for tests; tasks are the scheduler's.
 */
#ifndef WORK_H
#define WORK_H

#include "percpu.h"

/* Gives work to an idle online CPU other than this one; false where it has work already or is not online. */
bool work_give(u32 cpu, void (*function)(void *), void *argument);
/* Waits for its end; false after timeout_us. */
bool work_wait(u32 cpu, u64 timeout_us);
/* Runs a function on all online CPUs at once, on this one too; the argument's address grows by argument_size per CPU index. */
bool work_run_all(void (*function)(void *), void *arguments, size_t argument_size);
/* For idle loops, interrupts on: runs what was given to this CPU; true when there was something. */
bool work_poll(void);
/* Idle for ever in HLT, running given work. */
__attribute__((noreturn)) void work_idle_loop(void);

#endif
