/*
 * Ticket lock: first come, first served, so that no CPU starves. PAUSE in the wait loop: SDM Vol. 3A, "PAUSE Instruction".
 * Taken with interrupts off, so that a handler on the same CPU can never wait for its own victim; the RFLAGS that spin_lock
 * returns go back to spin_unlock. SPIN_GUARD does both for the rest of a block.
 */
#ifndef SPINLOCK_H
#define SPINLOCK_H

#include "x86.h"

struct spinlock {
    u32 next;         /* the ticket the next comer draws */
    u32 serving;      /* the ticket whose turn it is */
    const char *name; /* for the lock-order checker; NULL in locks that are not checked */
    u32 rank;         /* enum lock_rank; 0: any order */
    u32 holder;       /* index of the CPU that holds it, plus 1; told by the holder for diagnosis */
};

#define SPINLOCK(lock_name, lock_rank) {.name = (lock_name), .rank = (lock_rank)}

void spin_init(struct spinlock *lock, const char *name, u32 rank);
/* Returns RFLAGS as they were, for spin_unlock. */
u64 spin_lock(struct spinlock *lock);
/* True and the flags when the lock was free. Never waits, so any order is allowed. */
bool spin_try_lock(struct spinlock *lock, u64 *flags);
void spin_unlock(struct spinlock *lock, u64 flags);
/* For the panic path, which must not wait for ever; leaves interrupts alone. */
bool spin_lock_bounded(struct spinlock *lock, u32 attempts);

struct spin_guard {
    struct spinlock *lock;
    u64 flags;
};

static inline struct spin_guard spin_guard_begin(struct spinlock *lock) { return (struct spin_guard){lock, spin_lock(lock)}; }
static inline void spin_guard_end(struct spin_guard *guard) { spin_unlock(guard->lock, guard->flags); }

/* Holds the lock to the end of the enclosing block. */
#define SPIN_GUARD(lock)                                                                           \
    struct spin_guard guard __attribute__((cleanup(spin_guard_end), unused)) = spin_guard_begin(lock)

/* Interrupts off to the end of the enclosing block. */
static inline u64 irq_save(void) {
    u64 flags = read_rflags();
    cli();
    return flags;
}
static inline void irq_restore(u64 flags) {
    if ((flags & RFLAGS_IF) != 0) sti();
}
static inline void irq_guard_end(u64 *flags) { irq_restore(*flags); }
#define IRQ_GUARD() u64 irq_guard __attribute__((cleanup(irq_guard_end), unused)) = irq_save()

#endif
