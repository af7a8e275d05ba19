/*
 * The lock order. While a CPU holds a lock it may take only locks of a higher rank, so no circle of waiting CPUs can form.
 * The debug build (kernel-debug.elf) checks this at run time, and also that no CPU takes a lock twice and that nobody waits for
 * other CPUs while holding a lock.
 */
#ifndef LOCK_ORDER_H
#define LOCK_ORDER_H

#include "spinlock.h"

enum lock_rank {
    RANK_ANY = 0, /* not checked: leaf locks of tests */
    RANK_HOTPLUG = 10,
    RANK_PROCESS = 20,
    RANK_ADDRESS_SPACE = 30,
    RANK_WAIT = 40, /* wait queues, mutexes' inner locks */
    RANK_TASK = 50,
    RANK_RUNQUEUE = 60, /* two of them: the lower CPU index first, by spin_lock_second */
    RANK_HEAP = 70,
    RANK_PAGE_TABLES = 80,
    RANK_FRAMES = 90,
    RANK_IRQ = 100, /* handler table, I/O APIC */
    RANK_LOG = 200, /* last, so that everybody may print */
};

#ifdef LOCK_CHECKS
void lock_check_take(const struct spinlock *lock);
void lock_check_taken(const struct spinlock *lock);
void lock_check_release(const struct spinlock *lock);
/* Before waiting for other CPUs to answer an IPI. */
void lock_check_none_held(const char *what);
#else
static inline void lock_check_take(const struct spinlock *lock) { (void)lock; }
static inline void lock_check_taken(const struct spinlock *lock) { (void)lock; }
static inline void lock_check_release(const struct spinlock *lock) { (void)lock; }
static inline void lock_check_none_held(const char *what) { (void)what; }
#endif

/* Takes a second lock of the same rank; all callers take the one with the lower address first. */
u64 spin_lock_second(struct spinlock *lock);

#endif
