/* The ticket lock. SDM Vol. 3A, "Locked Atomic Operations", "PAUSE Instruction". */
#include "spinlock.h"

#include "lock_order.h"
#include "percpu.h"

void spin_init(struct spinlock *lock, const char *name, u32 rank) { *lock = (struct spinlock)SPINLOCK(name, rank); }

static void taken(struct spinlock *lock) {
    lock->holder = this_cpu()->index + 1;
    lock_check_taken(lock);
}

static void take(struct spinlock *lock) {
    u32 ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);
    while (__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket) pause();
    taken(lock);
}

u64 spin_lock(struct spinlock *lock) {
    u64 flags = irq_save();
    lock_check_take(lock);
    take(lock);
    return flags;
}

u64 spin_lock_second(struct spinlock *lock) {
    u64 flags = irq_save();
    take(lock);
    return flags;
}

static bool try(struct spinlock *lock) {
    u32 serving = __atomic_load_n(&lock->serving, __ATOMIC_RELAXED);
    u32 expected = serving;
    return __atomic_compare_exchange_n(&lock->next, &expected, serving + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

bool spin_try_lock(struct spinlock *lock, u64 *flags) {
    *flags = irq_save();
    if (try(lock)) {
        taken(lock);
        return true;
    }
    irq_restore(*flags);
    return false;
}

bool spin_lock_bounded(struct spinlock *lock, u32 attempts) {
    while (attempts-- > 0) {
        if (try(lock)) {
            taken(lock);
            return true;
        }
        pause();
    }
    return false;
}

void spin_unlock(struct spinlock *lock, u64 flags) {
    lock_check_release(lock);
    lock->holder = 0;
    __atomic_store_n(&lock->serving, lock->serving + 1, __ATOMIC_RELEASE);
    irq_restore(flags);
}
