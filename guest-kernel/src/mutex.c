#include "mutex.h"

#include "x86.h"

#define LOOKS 50

static void (*yield_hook)(void); /* atomic; set once, by the scheduler */

void mutex_set_yield(void (*yield)(void)) { __atomic_store_n(&yield_hook, yield, __ATOMIC_RELEASE); }

bool mutex_try_lock(struct mutex *mutex) { return __atomic_exchange_n(&mutex->locked, 1, __ATOMIC_ACQUIRE) == 0; }

/*
 * Looks with PAUSE for a while before it yields: a host that shares its cores among virtual CPUs takes PAUSE as a sign that
 * another one, perhaps the owner, has better use for the core (SDM Vol. 3C, "Changes to Instruction Behavior in VMX Non-Root
 * Operation", PAUSE).
 */
static void look_a_while(const struct mutex *mutex) {
    for (u32 i = 0; i < LOOKS && __atomic_load_n(&mutex->locked, __ATOMIC_RELAXED) != 0; i++) pause();
}

void mutex_lock(struct mutex *mutex) {
    while (!mutex_try_lock(mutex)) {
        look_a_while(mutex);
        void (*yield)(void) = __atomic_load_n(&yield_hook, __ATOMIC_ACQUIRE);
        if (yield != NULL) yield();
    }
}

void mutex_unlock(struct mutex *mutex) { __atomic_store_n(&mutex->locked, 0, __ATOMIC_RELEASE); }
