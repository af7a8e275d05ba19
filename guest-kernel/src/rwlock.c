/* The reader-writer lock: one counter. SDM Vol. 3A, "Locked Atomic Operations". */
#include "rwlock.h"

#include "spinlock.h"

#define WRITER (-1)

static bool change(struct rwlock *lock, int from, int to) {
    return __atomic_compare_exchange_n(&lock->state, &from, to, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

u64 read_lock(struct rwlock *lock) {
    u64 flags = irq_save();
    for (;;) {
        int readers = __atomic_load_n(&lock->state, __ATOMIC_RELAXED);
        if (readers != WRITER && change(lock, readers, readers + 1)) return flags;
        pause();
    }
}

void read_unlock(struct rwlock *lock, u64 flags) {
    __atomic_fetch_sub(&lock->state, 1, __ATOMIC_RELEASE);
    irq_restore(flags);
}

bool write_try_lock(struct rwlock *lock, u64 *flags) {
    *flags = irq_save();
    if (change(lock, 0, WRITER)) return true;
    irq_restore(*flags);
    return false;
}

u64 write_lock(struct rwlock *lock) {
    u64 flags = irq_save();
    while (__atomic_load_n(&lock->state, __ATOMIC_RELAXED) != 0 || !change(lock, 0, WRITER)) pause();
    return flags;
}

void write_unlock(struct rwlock *lock, u64 flags) {
    __atomic_store_n(&lock->state, 0, __ATOMIC_RELEASE);
    irq_restore(flags);
}
