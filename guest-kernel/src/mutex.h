/*
 * Mutex: who cannot have it yields to other tasks and tries again. For long sections, in task context, interrupts on; never in
 * a handler and never under a spinlock.
 */
#ifndef MUTEX_H
#define MUTEX_H

#include "types.h"

struct mutex {
    u32 locked; /* atomic */
};

void mutex_lock(struct mutex *mutex);
bool mutex_try_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);
/* What "yield" means: the scheduler sets it; before that a waiter just spins with PAUSE. */
void mutex_set_yield(void (*yield)(void));

#endif
