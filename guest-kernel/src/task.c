/* Tasks from birth to oblivion. Every task but the first ones has a parent, which learns its status or has detached it. */
#include "task.h"

#include "format.h"
#include "fpu.h"
#include "lock.h"
#include "memory.h"
#include "panic.h"
#include "sched.h"
#include "space.h"
#include "stack.h"
#include "string.h"
#include "trap.h"
#include "x86.h"

#define MEMORY_RESERVE (64 * PAGE_SIZE) /* below: no new tasks */
#define SAVED_REGISTERS 6               /* what task_switch pops before it returns */

struct spinlock task_family_lock = SPINLOCK("family", RANK_PROCESS);

/* Guarded by task_family_lock. */
static struct task *all_tasks;
static u32 next_id = 1;
static u32 count;

void task_begin(void);

static struct spinlock pool_lock = SPINLOCK("task pool", RANK_HEAP);
static struct task *pool; /* guarded by pool_lock; linked by next */

static struct task *new_struct(void) {
    u64 flags = spin_lock(&pool_lock);
    if (pool == NULL) {
        struct task *fresh = pages_alloc(1);
        memory_keep(PAGE_SIZE);
        for (u32 i = 0; i < PAGE_SIZE / sizeof(struct task); i++) fresh[i].next = pool, pool = &fresh[i];
    }
    struct task *task = pool;
    pool = task->next;
    spin_unlock(&pool_lock, flags);
    return memset(task, 0, sizeof *task);
}

static void copy_name(struct task *task, const char *name) {
    for (u32 i = 0; name[i] != 0 && i < TASK_NAME_SIZE - 1; i++) task->name[i] = name[i];
}

static void enter_family(struct task *task, struct task *parent) {
    SPIN_GUARD(&task_family_lock);
    task->id = next_id++;
    task->next_task = all_tasks;
    all_tasks = task;
    count++;
    task->parent = parent;
    task->detached = parent == NULL;
    if (parent == NULL) return;
    task->sibling = parent->children;
    parent->children = task;
}

/* The family lock is held. */
static void leave_family(struct task *task) {
    struct task **at = &all_tasks;
    while (*at != task) at = &(*at)->next_task;
    *at = task->next_task;
    count--;
    if (task->parent == NULL) return;
    for (at = &task->parent->children; *at != task;) at = &(*at)->sibling;
    *at = task->sibling;
}

/* So that the first switch "returns" to task_begin, below where a trap from ring 3 keeps its frame. */
static void prepare_stack(struct task *task) {
    u64 *stack = (u64 *)(task->stack_top - sizeof(struct trap_frame));
    *--stack = 0; /* keeps the stack aligned to 16 where task_begin starts */
    *--stack = 0;
    *--stack = (u64)task_begin;
    for (u32 i = 0; i < SAVED_REGISTERS; i++) *--stack = 0;
    task->stack_pointer = (u64)stack;
}

struct task *task_create(const struct task_options *options, void (*function)(void *), void *argument) {
    if (memory_free() < MEMORY_RESERVE) return NULL;
    struct task *task = new_struct();
    copy_name(task, options->name);
    task->priority = options->priority;
    task->function = function;
    task->argument = argument;
    task->started_at = rdtsc();
    task->cpu = cpu_index();
    if (options->allowed != NULL) task->allowed = *options->allowed;
    else memset(&task->allowed, 0xFF, sizeof task->allowed);
    task->stack_top = stack_alloc();
    prepare_stack(task);
    enter_family(task, options->detached ? NULL : task_current());
    return task;
}

struct task *task_spawn(const char *name, void (*function)(void *), void *argument) {
    struct task *task = task_create(&(struct task_options){.name = name, .priority = PRIORITY_NORMAL}, function, argument);
    if (task == NULL) panic("no task for %s: memory is out", name);
    sched_wake(task);
    return task;
}

struct task *task_adopt(const char *name, u32 cpu) {
    struct task *task = new_struct();
    format_text(task->name, sizeof task->name, "%s/%u", name, cpu);
    task->priority = PRIORITY_LOW;
    task->state = TASK_READY;
    task->on_cpu = 1;
    task->cpu = cpu;
    task->allowed = cpu_mask_of(cpu);
    task->stack_top = stack_alloc();
    enter_family(task, NULL);
    return task;
}

void task_free(struct task *task) {
    stack_free(task->stack_top);
    if (task->fpu != NULL) fpu_area_free(task->fpu);
    SPIN_GUARD(&pool_lock);
    task->next = pool;
    pool = task;
}

/* A child that has ended is soon off its CPU: interrupts are off there, and it takes no lock but its queue's. */
static void free_child(struct task *child) {
    while (__atomic_load_n(&child->state, __ATOMIC_ACQUIRE) != TASK_DEAD || __atomic_load_n(&child->on_cpu, __ATOMIC_ACQUIRE) != 0) pause();
    task_free(child);
}

/* The family lock is held. Children that still live forget us; those that have ended are freed. */
static void disown_children(struct task *task) {
    struct task *next;
    for (struct task *child = task->children; child != NULL; child = next) {
        next = child->sibling;
        if (!child->ended) {
            child->detached = true;
            child->parent = NULL;
            continue;
        }
        leave_family(child);
        free_child(child);
    }
    task->children = NULL;
}

static void leave_space(struct task *task) {
    struct space *space = task->space;
    if (space == NULL) return;
    u64 flags = irq_save();
    task->space = NULL;
    tlb_leave();
    irq_restore(flags);
    space_release(space);
}

void task_end(i64 status) {
    struct task *task = task_current();
    leave_space(task);
    spin_lock(&task_family_lock);
    disown_children(task);
    task->status = status;
    task->ended = true;
    task->forgotten = task->detached;
    if (task->detached) leave_family(task);
    else wait_wake_all(&task->parent->child_ended);
    __atomic_store_n(&task->state, TASK_DEAD, __ATOMIC_RELEASE);
    spin_unlock(&task_family_lock, 0);
    sched_leave();
    panic("a dead task runs");
}

i64 task_join(struct task *child) {
    struct task *task = task_current();
    u64 flags = spin_lock(&task_family_lock);
    while (!child->ended) wait_sleep(&task->child_ended, &task_family_lock);
    i64 status = child->status;
    leave_family(child);
    spin_unlock(&task_family_lock, flags);
    free_child(child);
    return status;
}

bool task_has_ended(const struct task *child) {
    SPIN_GUARD(&task_family_lock);
    return child->ended;
}

i64 task_wait_any(i64 *status) {
    struct task *task = task_current();
    u64 flags = spin_lock(&task_family_lock);
    bool alive = true;
    struct task *child = NULL;
    while (task->children != NULL && alive) {
        for (child = task->children; child != NULL && !child->ended; child = child->sibling) {}
        if (child != NULL) break;
        alive = wait_sleep(&task->child_ended, &task_family_lock);
    }
    i64 id = child != NULL ? (i64)child->id : alive ? 0 : STATUS_KILLED;
    if (child != NULL) *status = child->status, leave_family(child);
    spin_unlock(&task_family_lock, flags);
    if (child != NULL) free_child(child);
    return id;
}

bool task_kill(u32 id) {
    SPIN_GUARD(&task_family_lock);
    for (struct task *task = all_tasks; task != NULL; task = task->next_task) {
        if (task->id != id || task->fpu == NULL || task->ended) continue;
        __atomic_store_n(&task->killed, 1, __ATOMIC_SEQ_CST);
        if (!sched_wake(task)) sched_kick(task);
        return true;
    }
    return false;
}

void task_for_each(void (*function)(struct task *task, void *argument), void *argument) {
    SPIN_GUARD(&task_family_lock);
    for (struct task *task = all_tasks; task != NULL; task = task->next_task) function(task, argument);
}

u32 task_count(void) {
    SPIN_GUARD(&task_family_lock);
    return count;
}
