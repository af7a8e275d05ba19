/* Wait queues: entries lie on the stacks of those who wait. */
#include "sched.h"

#include "x86.h"

struct wait_entry {
    struct task *task;
    struct wait_entry *next;
};

static void append(struct wait_queue *queue, struct wait_entry *entry) {
    struct wait_entry **at = &queue->first;
    while (*at != NULL) at = &(*at)->next;
    *at = entry;
}

static void remove(struct wait_queue *queue, struct wait_entry *entry) {
    struct wait_entry **at = &queue->first;
    while (*at != NULL && *at != entry) at = &(*at)->next;
    if (*at != NULL) *at = entry->next;
}

bool wait_sleep(struct wait_queue *queue, struct spinlock *lock) {
    struct task *task = task_current();
    struct wait_entry entry = {task, NULL};
    append(queue, &entry);
    __atomic_store_n(&task->state, TASK_BLOCKED, __ATOMIC_SEQ_CST); /* under the lock: a waker behind us finds it so */
    spin_unlock(lock, 0);
    sched_block();
    spin_lock(lock);
    remove(queue, &entry);
    return __atomic_load_n(&task->killed, __ATOMIC_ACQUIRE) == 0;
}

void wait_wake_all(struct wait_queue *queue) {
    for (struct wait_entry *entry = queue->first; entry != NULL; entry = entry->next) sched_wake(entry->task);
}

bool wait_wake_one(struct wait_queue *queue) {
    for (struct wait_entry *entry = queue->first; entry != NULL; entry = entry->next) {
        if (sched_wake(entry->task)) return true;
    }
    return false;
}
