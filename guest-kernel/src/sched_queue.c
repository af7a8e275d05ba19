/* Run queues: a list for each priority, first come, first served. */
#include "sched_queue.h"

#include "x86.h"

#define FAIR_CHOICE 16 /* each so-many-th choice goes to who has waited longest, so that low priorities do not starve */

void queue_append(struct runqueue *queue, struct task *task) {
    u32 priority = task->priority;
    task->next = NULL;
    task->ready_since = rdtsc();
    if (queue->first[priority] == NULL) queue->first[priority] = task;
    else queue->last[priority]->next = task;
    queue->last[priority] = task;
    __atomic_store_n(&queue->size, queue->size + 1, __ATOMIC_RELAXED);
}

/* Takes out the task behind `before`, the first where that is NULL. */
static struct task *take(struct runqueue *queue, u32 priority, struct task *before) {
    struct task *task = before == NULL ? queue->first[priority] : before->next;
    if (before == NULL) queue->first[priority] = task->next;
    else before->next = task->next;
    if (queue->last[priority] == task) queue->last[priority] = before;
    __atomic_store_n(&queue->size, queue->size - 1, __ATOMIC_RELAXED);
    task->next = NULL;
    return task;
}

static u32 priority_of_oldest(const struct runqueue *queue) {
    u32 oldest = PRIORITY_NONE;
    for (u32 p = 0; p < PRIORITIES; p++) {
        if (queue->first[p] == NULL) continue;
        if (oldest == PRIORITY_NONE || (i64)(queue->first[p]->ready_since - queue->first[oldest]->ready_since) < 0) oldest = p;
    }
    return oldest;
}

struct task *queue_choose(struct runqueue *queue, u32 worst) {
    u32 priority = 0;
    if (++queue->choices % FAIR_CHOICE == 0) {
        priority = priority_of_oldest(queue);
    } else {
        while (priority <= worst && priority < PRIORITIES && queue->first[priority] == NULL) priority++;
        if (priority > worst) return NULL;
    }
    return priority == PRIORITY_NONE ? NULL : take(queue, priority, NULL);
}

struct task *queue_take_for(struct runqueue *queue, u32 cpu) {
    for (u32 priority = PRIORITIES; priority-- > 0;) {
        struct task *before = NULL;
        for (struct task *task = queue->first[priority]; task != NULL; before = task, task = task->next) {
            if (cpu_mask_has(&task->allowed, cpu)) return take(queue, priority, before);
        }
    }
    return NULL;
}
