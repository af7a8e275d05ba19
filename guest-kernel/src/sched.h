/*
 * Which task runs on which CPU. Every CPU has a run queue; a new task goes to the shortest. Every function may be called from
 * any CPU.
 */
#ifndef SCHED_H
#define SCHED_H

#include "task.h"
#include "tlb.h"

#define RUN_QUEUE_LIMIT 64
#define REBALANCE_MS 100
#define IMBALANCE_ALLOWED 2

struct trap_frame;

/* Ready tasks of one CPU, the running one not among them, and what else the scheduler knows of it. */
struct runqueue {
    struct spinlock lock; /* guards down to the blank line; held from a choice until the chosen task runs */
    bool online;          /* takes tasks; read by all */
    u32 size;             /* read by all */
    struct task *first[PRIORITIES], *last[PRIORITIES];
    u64 choices;

    /* Written by their own CPU with interrupts off. */
    bool started;          /* there is an idle task to switch to */
    struct task *previous; /* from a switch until the next task has finished it */
    bool previous_moves;   /* it may not stay on this CPU */
    u32 running;           /* priority of the running task, PRIORITY_NONE when idle; read by all */
    u32 ticks_left;        /* of the running task's time slice */
    u64 charged_at;        /* TSC; up to there the running task's time is counted */
    u64 stolen;            /* tasks taken from others when idle */
    u64 arrived;           /* tasks that rebalancing brought; atomic, written by all */
    struct tlb_state tlb;
} __attribute__((aligned(64)));

extern struct runqueue runqueues[MAX_CPUS];

/*
 * Starts scheduling on all online CPUs, which poll for work (work.h) until then; the first task is bound to this CPU. Once;
 * interrupts are off.
 */
__attribute__((noreturn)) void sched_start(void (*first)(void *), void *argument);
bool sched_started(void);
/* For a CPU that comes online later: makes the caller's context its idle task and takes tasks. */
__attribute__((noreturn)) void sched_cpu_main(void);

/* Lets others run; the task stays ready. */
void sched_yield(void);
/* Blocks for at least so long, or until killed. */
void sched_sleep_ms(u64 milliseconds);
/* Makes a new or blocked task ready; false where it was neither. */
bool sched_wake(struct task *task);
/* Binds the calling task to these CPUs and moves it there; false where none of them takes tasks. */
bool sched_set_allowed(const struct cpu_mask *allowed);
/* Makes the CPU that runs this task look at it soon. */
void sched_kick(struct task *task);
/* Before user code goes on, interrupts off: the task ends here when it was killed. */
void sched_end_if_killed(void);

/*
 * No more tasks for this CPU: they move to others; a task that may run nowhere else is set free to run anywhere. Returns
 * true when its idle task runs; false where it is the last CPU. sched_cpu_main brings it back.
 */
bool sched_cpu_leave(u32 cpu);

/* Longest minus shortest queue of the CPUs that take tasks. */
u32 sched_imbalance(void);
/* The lines of debug=sched. */
void sched_set_debug(bool on);

/* The last step of a dead task; interrupts are off. */
void sched_leave(void);
/* Blocks the caller, whose state is TASK_BLOCKED already, until woken; interrupts are off since it is. */
void sched_block(void);

/*
 * Waiting. The lock guards the condition and the queue, and is held with interrupts off, so that no wake-up can fall between
 * looking and blocking: flags = spin_lock(&lock); while (!condition && wait_sleep(&queue, &lock)) {} ...
 * wait_sleep gives the lock away while it blocks; false where the task was killed.
 */
bool wait_sleep(struct wait_queue *queue, struct spinlock *lock);
void wait_wake_all(struct wait_queue *queue);
bool wait_wake_one(struct wait_queue *queue);

#endif
