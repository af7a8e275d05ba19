/* Work for the other CPUs: each waits halted until it is given a function to run. */
#ifndef JOBS_H
#define JOBS_H

#include "cpu.h"

#define JOB_WAKE_VECTOR 0xF0

/* Maps and enables the local APIC and brings every AP into its waiting loop; number of CPUs that are there. */
u32 jobs_start(void);
/* Gives a job to an idle CPU other than this one. */
void job_give(u32 cpu, void (*job)(void *), void *argument);
/* Waits for its end; false when that takes longer than a minute. */
bool job_wait(u32 cpu);
/* Runs a job on the CPUs 0 to count-1, this CPU being 0, each with its own argument. */
bool jobs_run(u32 count, void (*job)(void *), void *arguments, size_t argument_size);

#endif
