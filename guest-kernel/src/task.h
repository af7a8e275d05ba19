/* A task: a kernel stack and what runs on it, alone in the kernel or with a user address space as a process or thread. */
#ifndef TASK_H
#define TASK_H

#include "percpu.h"
#include "spinlock.h"

enum task_priority { PRIORITY_HIGH, PRIORITY_NORMAL, PRIORITY_LOW, PRIORITIES };

enum task_state {
    TASK_NEW,     /* not yet woken for the first time */
    TASK_READY,   /* in a run queue, or running */
    TASK_BLOCKED, /* until sched_wake */
    TASK_DEAD,
};

struct space;

/* Tasks that wait for something. Guarded by the lock that guards what they wait for. */
struct wait_entry;
struct wait_queue {
    struct wait_entry *first;
};

#define TASK_NAME_SIZE 24

struct task {
    u64 stack_pointer; /* first, as task_switch.S knows; where the registers are while the task does not run */
    u64 stack_top;
    u32 id;
    char name[TASK_NAME_SIZE];

    u32 state;   /* enum task_state; atomic */
    u32 on_cpu;  /* atomic; 1 from the choice until the registers are saved again: nobody else may run or free it */
    u32 cpu;     /* where it runs or ran last; written by the scheduler */
    u32 priority; /* constant while ready */
    struct cpu_mask allowed; /* changed by the task itself, or before its first run */
    struct task *next;       /* guarded by the lock of the queue it is in */
    u64 ready_since;         /* TSC of the enqueueing */

    struct space *space; /* NULL: kernel task; changed by the task itself with interrupts off */
    void *fpu;           /* save area of a task that has user code; NULL: none */

    void (*function)(void *); /* what it does; ends with its return */
    void *argument;

    u64 wake_at;               /* TSC; guarded by the sleep lock, as is the next line */
    struct task *next_sleeper; /* sorted by wake_at */

    u32 killed;     /* atomic: must end before it sees ring 3 again */
    bool forgotten; /* dead, and nobody waits: who is switched to frees it; written by the task itself */

    /* The family; guarded by task_family_lock. */
    struct task *parent, *children, *sibling;
    struct task *next_task; /* in the list of all */
    struct wait_queue child_ended;
    bool ended;    /* status is valid; only the last steps of the end are left */
    bool detached; /* nobody will ask how it ended */
    i64 status;

    u64 cycles, switches, migrations; /* written by the CPU that runs it */
    u64 started_at;                   /* TSC */
};

/* How a task ended that did not end itself; what it passes to task_end is otherwise up to it. */
#define STATUS_KILLED (-9)
#define STATUS_EXCEPTION(vector) (-100 - (i64)(vector))

extern struct spinlock task_family_lock;

struct task_options {
    const char *name;
    enum task_priority priority;
    const struct cpu_mask *allowed; /* NULL: every CPU */
    bool detached;                  /* nobody will join it */
};

/* A new task that is not ready yet, a child of the caller's; NULL when there are too many or memory is out. */
struct task *task_create(const struct task_options *options, void (*function)(void *), void *argument);
/* task_create and sched_wake with ordinary priority. */
struct task *task_spawn(const char *name, void (*function)(void *), void *argument);
/* Waits for the end of a child and forgets it; returns its status. */
i64 task_join(struct task *child);
/* True when task_join would not wait. */
bool task_has_ended(const struct task *child);
/* Waits for the end of any child; its id, or 0 where there is none left, or STATUS_KILLED when the waiter was killed. */
i64 task_wait_any(i64 *status);
/* Ends the caller. */
__attribute__((noreturn)) void task_end(i64 status);
/* Asks a task with user code to end; false where there is none of that id. */
bool task_kill(u32 id);

/* The task that runs here; the same however often it is moved meanwhile. */
static inline struct task *task_current(void) {
    struct task *task;
    asm volatile("mov %%gs:%c1, %0" : "=r"(task) : "i"(CPU_CURRENT));
    return task;
}

/* Calls the function for every task, under task_family_lock. */
void task_for_each(void (*function)(struct task *task, void *argument), void *argument);
/* Live tasks, the idle ones too. */
u32 task_count(void);

/* For the scheduler: makes the caller's context a task; and frees a dead one whose registers are saved. */
struct task *task_adopt(const char *name, u32 cpu);
void task_free(struct task *task);

static inline struct cpu_mask cpu_mask_of(u32 cpu) {
    struct cpu_mask mask = {{0}};
    mask.bits[cpu / 64] = 1UL << cpu % 64;
    return mask;
}

#endif
