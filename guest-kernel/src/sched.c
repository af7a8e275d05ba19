/*
 * The switch from task to task. Preemptive: the timer ends a time slice, a RESCHED IPI says that a more important task came, and
 * the switch itself happens at the end of the interrupt (SDM Vol. 3A, "Interrupt and Exception Handling"). Kernel code is
 * preempted wherever its interrupts are on, and holds no spinlock there.
 *
 * Who may touch a task: one that is in a queue belongs to the queue's lock; one that runs, to its CPU, until on_cpu is 0 again;
 * one that is blocked, to who changes its state to TASK_READY by compare-and-exchange, so two wakers cannot both enqueue it.
 * The lock of the queue is held over the switch and released by the next task, so that nobody steals a task that still stands
 * on its stack; and who wakes a task that is about to block waits for on_cpu.
 */
#include "sched.h"

#include "cmdline.h"
#include "cpu.h"
#include "fpu.h"
#include "ipi.h"
#include "irq.h"
#include "lock.h"
#include "log.h"
#include "panic.h"
#include "process.h"
#include "prof.h"
#include "sched_queue.h"
#include "smp.h"
#include "syscall.h"
#include "time.h"
#include "timer.h"
#include "work.h"
#include "x86.h"

#define SLICE_TICKS 2
#define COMING_US 20000000

enum reason { PREEMPTED, BLOCKING };

struct runqueue runqueues[MAX_CPUS];
static bool started; /* atomic */

static struct spinlock sleep_lock = SPINLOCK("sleep", RANK_WAIT);
static struct task *sleepers; /* guarded by sleep_lock; sorted by wake_at */
static u64 next_wake;         /* TSC; wake_at of the first; written under sleep_lock, read by all */

void task_switch(u64 *save_stack_pointer, u64 stack_pointer);
void task_first(void);
__attribute__((noreturn)) void task_stand_on(u64 stack_top, void (*function)(void));

/* On the new task's stack: the old one is free for others now. */
static void finish_switch(void) {
    struct runqueue *queue = &runqueues[this_cpu()->index];
    struct task *previous = queue->previous;
    bool moves = queue->previous_moves, forgotten = previous->forgotten;
    __atomic_store_n(&previous->on_cpu, 0, __ATOMIC_RELEASE);
    spin_unlock(&queue->lock, 0);
    if (moves) sched_place(previous);
    if (forgotten) task_free(previous);
}

void task_first(void) {
    finish_switch();
    struct task *task = task_current();
    sti();
    task->function(task->argument);
    task_end(0);
}

/* The time since the last call belongs to the task that runs. */
static void charge(struct cpu *cpu, struct runqueue *queue) {
    u64 now = rdtsc(), cycles = now - queue->charged_at;
    cpu->current->cycles += cycles;
    if (cpu->current == cpu->idle) cpu->cycles_idle += cycles;
    else cpu->cycles_busy += cycles;
    queue->charged_at = now;
}

static void account(struct cpu *cpu, struct runqueue *queue, struct task *next) {
    charge(cpu, queue);
    cpu->context_switches++;
    next->switches++;
    if (next->cpu != cpu->index) next->migrations++;
    next->cpu = cpu->index;
}

static void switch_to(struct cpu *cpu, struct runqueue *queue, struct task *next) {
    struct task *previous = cpu->current;
    account(cpu, queue, next);
    queue->previous = previous;
    queue->ticks_left = SLICE_TICKS;
    __atomic_store_n(&queue->running, next == cpu->idle ? PRIORITY_NONE : next->priority, __ATOMIC_RELAXED);
    __atomic_store_n(&next->on_cpu, 1, __ATOMIC_RELAXED);
    cpu->current = next;
    cpu->kernel_stack = cpu->tss.rsp[0] = next->stack_top;
    if (previous->fpu != NULL) fpu_save(previous->fpu);
    if (next->fpu != NULL) fpu_restore(next->fpu);
    tlb_load(next->space);
    task_switch(&previous->stack_pointer, next->stack_pointer);
    finish_switch();
}

/* Interrupts off. Returns when the caller is chosen again, perhaps on another CPU. */
static void reschedule(enum reason reason) {
    PROF_START(PROF_SCHEDULE);
    struct cpu *cpu = this_cpu();
    struct runqueue *queue = &runqueues[cpu->index];
    struct task *current = cpu->current;
    spin_lock(&queue->lock);
    cpu->need_reschedule = 0;
    bool ready = reason == PREEMPTED && current != cpu->idle;
    bool stays = ready && queue->online && cpu_mask_has(&current->allowed, cpu->index);
    struct task *next = queue_choose(queue, stays ? current->priority : PRIORITY_LOW);
    if (next == NULL) next = stays ? current : cpu->idle;
    PROF_END(PROF_SCHEDULE);
    if (next == current) {
        queue->ticks_left = SLICE_TICKS;
        spin_unlock(&queue->lock, 0);
        return;
    }
    if (stays) queue_append(queue, current);
    queue->previous_moves = ready && !stays;
    switch_to(cpu, queue, next);
}

void sched_yield(void) {
    u64 flags = irq_save();
    reschedule(PREEMPTED);
    irq_restore(flags);
}

void sched_block(void) {
    struct task *task = task_current();
    u32 blocked = TASK_BLOCKED;
    if (__atomic_load_n(&task->killed, __ATOMIC_SEQ_CST) != 0 &&
        __atomic_compare_exchange_n(&task->state, &blocked, TASK_READY, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        return; /* who killed it had no chance to wake it */
    }
    reschedule(BLOCKING);
}

bool sched_wake(struct task *task) {
    u32 blocked = TASK_BLOCKED, fresh = TASK_NEW;
    if (!__atomic_compare_exchange_n(&task->state, &blocked, TASK_READY, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED) &&
        !__atomic_compare_exchange_n(&task->state, &fresh, TASK_READY, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
        return false;
    }
    while (__atomic_load_n(&task->on_cpu, __ATOMIC_ACQUIRE) != 0) pause();
    sched_place(task);
    return true;
}

bool sched_set_allowed(const struct cpu_mask *allowed) {
    bool any = false;
    FOR_EACH_ONLINE_CPU(cpu) any = any || cpu_mask_has(allowed, cpu);
    if (!any) return false;
    u64 flags = irq_save();
    task_current()->allowed = *allowed;
    if (!cpu_mask_has(allowed, this_cpu()->index)) reschedule(PREEMPTED);
    irq_restore(flags);
    return true;
}

void sched_kick(struct task *task) { ipi_send(__atomic_load_n(&task->cpu, __ATOMIC_RELAXED), IPI_RESCHEDULE); }

void sched_end_if_killed(void) {
    if (__atomic_load_n(&task_current()->killed, __ATOMIC_ACQUIRE) == 0) return;
    sti();
    task_end(STATUS_KILLED);
}

void sched_sleep_ms(u64 milliseconds) {
    struct task *task = task_current();
    u64 flags = spin_lock(&sleep_lock);
    task->wake_at = deadline_us(milliseconds * 1000);
    struct task **at = &sleepers;
    while (*at != NULL && (i64)((*at)->wake_at - task->wake_at) <= 0) at = &(*at)->next_sleeper;
    task->next_sleeper = *at;
    *at = task;
    __atomic_store_n(&next_wake, sleepers->wake_at, __ATOMIC_RELAXED);
    __atomic_store_n(&task->state, TASK_BLOCKED, __ATOMIC_SEQ_CST);
    spin_unlock(&sleep_lock, 0);
    sched_block();
    spin_lock(&sleep_lock);
    for (at = &sleepers; *at != NULL; at = &(*at)->next_sleeper) {
        if (*at != task) continue;
        *at = task->next_sleeper; /* woken before its time: killed */
        break;
    }
    spin_unlock(&sleep_lock, flags);
}

/* From every tick of every CPU: none waits here for another that does the same. Who misses something sees it at the next tick. */
static void wake_sleepers(void) {
    u64 flags;
    if (__atomic_load_n(&sleepers, __ATOMIC_RELAXED) == NULL || !deadline_passed(__atomic_load_n(&next_wake, __ATOMIC_RELAXED))) return;
    if (!spin_try_lock(&sleep_lock, &flags)) return;
    while (sleepers != NULL && deadline_passed(sleepers->wake_at)) {
        struct task *task = sleepers;
        sleepers = task->next_sleeper;
        sched_wake(task);
    }
    if (sleepers != NULL) __atomic_store_n(&next_wake, sleepers->wake_at, __ATOMIC_RELAXED);
    spin_unlock(&sleep_lock, flags);
}

/* Every timer tick of this CPU. */
static void tick(void) {
    struct cpu *cpu = this_cpu();
    struct runqueue *queue = &runqueues[cpu->index];
    if (queue->started) charge(cpu, queue);
    sched_balance_tick();
    wake_sleepers();
    if (queue->ticks_left > 0) queue->ticks_left--;
    bool others = __atomic_load_n(&queue->size, __ATOMIC_RELAXED) != 0 || !__atomic_load_n(&queue->online, __ATOMIC_RELAXED);
    if (queue->ticks_left == 0 && others) cpu->need_reschedule = 1;
}

/* At the end of every interrupt, interrupts off. */
static void on_interrupt_exit(struct trap_frame *frame) {
    struct cpu *cpu = this_cpu();
    if (frame->vector == VECTOR_TIMER) prof_sample(frame->rip, (frame->cs & 3) != 0);
    if (!runqueues[cpu->index].started) return;
    if (cpu->need_reschedule != 0) reschedule(PREEMPTED);
    if ((frame->cs & 3) != 0) sched_end_if_killed();
}

static void sched_init(void) {
    tlb_init();
    for (u32 cpu = 0; cpu < MAX_CPUS; cpu++) {
        spin_init(&runqueues[cpu].lock, "run queue", RANK_RUNQUEUE);
        runqueues[cpu].running = PRIORITY_NONE;
    }
    runqueues[cpu_index()].online = true;
    timer_set_handler(tick);
    irq_set_exit_hook(on_interrupt_exit);
    mutex_set_yield(sched_yield);
    process_init();
    syscall_init();
    sched_set_debug(cmdline_lists("debug", "sched"));
    syscall_set_debug(cmdline_lists("debug", "syscall"));
}

/* Interrupts off; returns with them on. HLT and the STI before it are one step: an IPI that comes between ends the HLT. */
static void idle_once(struct cpu *cpu, struct runqueue *queue) {
    cpu->need_reschedule = 0;
    bool online = __atomic_load_n(&queue->online, __ATOMIC_ACQUIRE);
    if (!online) tlb_leave();
    if (online && queue->size == 0) sched_steal(cpu->index);
    if (queue->size != 0) reschedule(PREEMPTED);
    sti();
    if (work_poll()) return;
    cli();
    if (cpu->need_reschedule == 0 && queue->size == 0) sti_hlt();
    else sti();
}

static __attribute__((noreturn)) void idle_forever(void) {
    struct cpu *cpu = this_cpu();
    for (;;) {
        cli();
        idle_once(cpu, &runqueues[cpu->index]);
    }
}

void sched_cpu_main(void) {
    cli();
    struct cpu *cpu = this_cpu();
    struct runqueue *queue = &runqueues[cpu->index];
    fpu_cpu_init();
    syscall_cpu_init();
    tlb_leave(); /* a dead CPU had no time to do it */
    if (cpu->idle == NULL) cpu->idle = task_adopt("idle", cpu->index);
    cpu->current = cpu->idle;
    queue->charged_at = rdtsc();
    queue->started = true;
    __atomic_store_n(&cpu->job, NULL, __ATOMIC_RELEASE); /* we may have come as one, and do not return */
    timer_periodic(TICK_HZ);
    u64 flags = spin_lock(&queue->lock);
    queue->online = true;
    spin_unlock(&queue->lock, flags);
    task_stand_on(cpu->idle->stack_top, idle_forever); /* ours has no guard page where the loader made it */
}

static void start_here(void *unused) {
    (void)unused;
    sched_cpu_main();
}

bool sched_started(void) { return __atomic_load_n(&started, __ATOMIC_ACQUIRE); }

void sched_start(void (*first)(void *), void *argument) {
    struct cpu_mask here = cpu_mask_of(cpu_index());
    struct task *task = task_create(&(struct task_options){.name = "main", .priority = PRIORITY_NORMAL, .allowed = &here}, first, argument);
    if (task == NULL) panic("no memory for the first task");
    sched_init();
    __atomic_store_n(&started, true, __ATOMIC_RELEASE);
    FOR_EACH_ONLINE_CPU(cpu) {
        if (cpu != cpu_index() && !work_give(cpu, start_here, NULL)) panic("CPU %u takes no work", cpu);
    }
    FOR_EACH_ONLINE_CPU(i) { /* the first task finds all of them there, with their idle tasks made */
        if (i != cpu_index() && !WAIT_UNTIL(takes_tasks(i), COMING_US)) panic("CPU %u does not come to the scheduler", i);
    }
    sched_wake(task);
    sched_cpu_main();
}

bool sched_cpu_leave(u32 cpu) {
    struct runqueue *queue = &runqueues[cpu];
    u32 others = 0;
    FOR_EACH_ONLINE_CPU(i) others += i != cpu && __atomic_load_n(&runqueues[i].online, __ATOMIC_ACQUIRE);
    if (others == 0) return false;
    u64 flags = spin_lock(&queue->lock);
    queue->online = false;
    spin_unlock(&queue->lock, flags);
    for (;;) {
        flags = spin_lock(&queue->lock);
        struct task *task = queue_choose(queue, PRIORITY_LOW);
        /* Idle, and on its own stack, for the lock is held over a switch; and out of every address space, see idle_once. */
        bool idles = queue->running == PRIORITY_NONE && __atomic_load_n(&queue->tlb.loaded, __ATOMIC_ACQUIRE) == NULL;
        spin_unlock(&queue->lock, flags);
        if (task != NULL) sched_place(task);
        else if (idles) return true;
        else ipi_send(cpu, IPI_RESCHEDULE), sched_yield();
    }
}

void sched_leave(void) { reschedule(BLOCKING); }
