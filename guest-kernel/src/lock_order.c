/* The lock-order checker of the debug build: each CPU keeps a list of the locks it holds. */
#include "lock_order.h"

#include "panic.h"
#include "percpu.h"

#ifdef LOCK_CHECKS

static const char *name(const struct spinlock *lock) { return lock->name == NULL ? "(unnamed)" : lock->name; }

void lock_check_take(const struct spinlock *lock) {
    const struct cpu *cpu = this_cpu();
    for (u32 i = 0; i < cpu->held_count; i++) {
        const struct spinlock *held = cpu->held[i];
        if (held == lock) panic("lock order: CPU %u takes the lock %s, which it holds already", cpu->index, name(lock));
        if (held->rank != RANK_ANY && lock->rank != RANK_ANY && held->rank >= lock->rank) {
            panic("lock order: CPU %u takes the lock %s (rank %u) while it holds %s (rank %u)", cpu->index, name(lock), lock->rank,
                  name(held), held->rank);
        }
    }
}

void lock_check_taken(const struct spinlock *lock) {
    struct cpu *cpu = this_cpu();
    if (cpu->held_count == MAX_HELD_LOCKS) panic("lock order: CPU %u holds more than %u locks", cpu->index, MAX_HELD_LOCKS);
    cpu->held[cpu->held_count++] = lock;
}

void lock_check_release(const struct spinlock *lock) {
    struct cpu *cpu = this_cpu();
    for (u32 i = cpu->held_count; i-- > 0;) {
        if (cpu->held[i] != lock) continue;
        for (cpu->held_count--; i < cpu->held_count; i++) cpu->held[i] = cpu->held[i + 1];
        return;
    }
    panic("lock order: CPU %u releases the lock %s, which it does not hold", cpu->index, name(lock));
}

void lock_check_none_held(const char *what) {
    const struct cpu *cpu = this_cpu();
    if (cpu->held_count > 0) panic("lock order: CPU %u waits for %s while it holds the lock %s", cpu->index, what, name(cpu->held[0]));
}

#endif
