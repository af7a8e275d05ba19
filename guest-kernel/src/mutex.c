#include "mutex.h"

#include "x86.h"

static void (*yield_hook)(void); /* atomic; set once, by the scheduler */

void mutex_set_yield(void (*yield)(void)) { __atomic_store_n(&yield_hook, yield, __ATOMIC_RELEASE); }

bool mutex_try_lock(struct mutex *mutex) { return __atomic_exchange_n(&mutex->locked, 1, __ATOMIC_ACQUIRE) == 0; }

void mutex_lock(struct mutex *mutex) {
    while (!mutex_try_lock(mutex)) {
        void (*yield)(void) = __atomic_load_n(&yield_hook, __ATOMIC_ACQUIRE);
        if (yield != NULL) yield();
        else pause();
    }
}

void mutex_unlock(struct mutex *mutex) { __atomic_store_n(&mutex->locked, 0, __ATOMIC_RELEASE); }
