/*
 * Ticket lock: first come, first served, so that no CPU starves. PAUSE in the wait loop: SDM Vol. 3A, "PAUSE Instruction".
 * Taken with interrupts off, so that a handler on the same CPU can never wait for its own victim.
 */
#ifndef SPINLOCK_H
#define SPINLOCK_H

#include "x86.h"

struct spinlock {
    u32 next;    /* the ticket the next comer draws */
    u32 serving; /* the ticket whose turn it is */
};

/* Returns RFLAGS as they were, for spin_unlock. */
static inline u64 spin_lock(struct spinlock *lock) {
    u64 flags = read_rflags();
    cli();
    u32 ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket) pause();
    return flags;
}

/* For the panic path, which must not wait for ever; leaves interrupts alone. */
static inline bool spin_lock_bounded(struct spinlock *lock, u32 attempts) {
    while (attempts-- > 0) {
        u32 serving = __atomic_load_n(&lock->serving, __ATOMIC_RELAXED);
        u32 expected = serving;
        if (__atomic_compare_exchange_n(&lock->next, &expected, serving + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            return true;
        }
        pause();
    }
    return false;
}

static inline void spin_unlock(struct spinlock *lock, u64 flags) {
    __atomic_store_n(&lock->serving, lock->serving + 1, __ATOMIC_RELEASE);
    if ((flags & RFLAGS_IF) != 0) sti();
}

#endif
