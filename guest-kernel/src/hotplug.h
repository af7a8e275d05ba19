/* Taking processors out and bringing them back while the kernel runs, and noticing those that die. */
#ifndef HOTPLUG_H
#define HOTPLUG_H

#include "types.h"

/*
 * Takes a CPU out: its tasks move away, it answers what it was asked, and waits, halted, for INIT. False for the boot CPU, for
 * one that is not online, and where it does not go. One at a time.
 */
bool cpu_offline(u32 cpu);
/* Starts one again that is offline or dead, by INIT and start-up IPI; false where it does not come. */
bool cpu_online(u32 cpu);

/*
 * An online CPU does not answer: it is stopped for good, its tasks move, nobody waits for it any more, and a line says so. It can
 * be started again.
 */
void cpu_declare_dead(u32 cpu, const char *reason);

/* Says of every other online CPU that shows no sign of life for so long that it is dead; the rest goes on. */
void watch_set_limit_ms(u64 milliseconds);
/* From the tick of the boot CPU, or from a waiting loop; does something once in a while only. */
void watch_others(void);

#endif
