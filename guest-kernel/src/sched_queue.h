/* Inside the scheduler: run queues, and which CPU a task goes to. */
#ifndef SCHED_QUEUE_H
#define SCHED_QUEUE_H

#include "sched.h"

#define PRIORITY_NONE PRIORITIES

/* At the end or out of a queue; its lock is held. */
void queue_append(struct runqueue *queue, struct task *task);
/* The next to run whose priority is `worst` or better; NULL where there is none. */
struct task *queue_choose(struct runqueue *queue, u32 worst);
/* One that may run on the CPU, of the lowest priority; NULL where there is none. */
struct task *queue_take_for(struct runqueue *queue, u32 cpu);

static inline bool takes_tasks(u32 cpu) { return __atomic_load_n(&runqueues[cpu].online, __ATOMIC_ACQUIRE); }

/* Puts a ready task that is in no queue into the shortest. */
void sched_place(struct task *task);
/* Idle: takes a task from the longest queue. Interrupts off. */
void sched_steal(u32 cpu);
/* From the tick of any CPU. */
void sched_balance_tick(void);

#endif
