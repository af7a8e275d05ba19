/*
 * The processors: who is there, and starting the others. SDM Vol. 3A, "Multiple-Processor (MP) Initialization"; Limine
 * PROTOCOL.md, "MP (Multiprocessor) Feature".
 *
 * A processor goes PRESENT, STARTING, ARRIVED, ONLINE; later LEAVING, OFFLINE and back to STARTING; or DEAD from anywhere.
 * The CPU itself makes the steps to ARRIVED, ONLINE and OFFLINE, the CPU that starts, stops or misses it all others.
 */
#ifndef SMP_H
#define SMP_H

#include "cpu.h"

/* How many processors the firmware named, 1 where it named none. The one count that everybody uses, with smp_online_count. */
u32 smp_cpu_count(void);
u32 smp_online_count(void);
const struct cpu_mask *smp_online_mask(void);

static inline bool cpu_is_online(u32 cpu) {
    return cpu < MAX_CPUS && __atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE) == CPU_ONLINE;
}
#define FOR_EACH_ONLINE_CPU(i)                                                                     \
    for (u32 i = 0, n_##i = smp_cpu_count(); i < n_##i; i++)                                       \
        if (cpu_is_online(i))

/* "limine" or "sipi": how APs are started, by ap= on the command line; the loader's way where it offers one. */
bool smp_uses_sipi(void);
/*
 * Sends every AP to ap_main, which runs on its own stack with its descriptor tables loaded and must not return.
 * Waits for all to arrive; false, with each missing one named, when the time (ap-timeout=MS) is over.
 */
bool smp_start(void (*ap_main)(struct cpu *cpu));
/* Starts one again that is offline or dead, by INIT and SIPI; false where it does not come online. */
bool smp_restart(u32 cpu);
/* This CPU is ready for IPIs and work. */
void smp_join(struct cpu *cpu);
/* This CPU takes no IPIs and work any more. */
void smp_leave(struct cpu *cpu, enum cpu_state state);
/* Another CPU leaves, or is given up: nobody sends it anything new. False where it is not online. */
bool smp_take_out(u32 cpu);
/* Waits until that many are online. */
bool smp_wait_online(u32 count, u64 timeout_us);

#endif
