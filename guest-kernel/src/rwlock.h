/*
 * Reader-writer lock: many readers or one writer. Unfair: readers that keep coming can keep a writer out for ever, which is the
 * price of readers that never wait for a waiting writer and so may nest. Interrupts are off while held, as with spinlocks.
 */
#ifndef RWLOCK_H
#define RWLOCK_H

#include "types.h"

struct rwlock {
    int state; /* atomic: -1 a writer, 0 free, n readers */
};

u64 read_lock(struct rwlock *lock);
void read_unlock(struct rwlock *lock, u64 flags);
u64 write_lock(struct rwlock *lock);
bool write_try_lock(struct rwlock *lock, u64 *flags);
void write_unlock(struct rwlock *lock, u64 flags);

#endif
