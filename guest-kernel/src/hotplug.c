/*
 * A CPU leaves in three steps: the scheduler takes its tasks away; its state says LEAVING, so that nobody sends it anything new;
 * the stop interrupt makes it answer old calls and halt. It comes back as it came first, by INIT and start-up IPI.
 * SDM Vol. 3A, "MP Initialization Protocol Algorithm".
 *
 * A dead CPU is one that takes no interrupts any more. It is asked for a sign of life now and then; a busy one gives it by its
 * timer. Its running task is lost; those that wait in its queue move.
 */
#include "hotplug.h"

#include "cmdline.h"
#include "ipi.h"
#include "lock.h"
#include "log.h"
#include "sched_queue.h"
#include "smp.h"
#include "time.h"
#include "x86.h"

#define LEAVE_TIMEOUT_US 10000000
#define WATCH_EVERY_US 200000
#define DEAD_AFTER_MS 30000
#define BLINK_US 1000000 /* who has looked away for longer knows nothing of the others */

static struct mutex one_at_a_time; /* guards changes of who is online */

static struct { /* used by the boot CPU only */
    u64 next_look, last_look; /* TSC */
    u64 limit_ms;  /* 0: not set yet */
    u64 interrupts[MAX_CPUS];
    u64 alive_at[MAX_CPUS]; /* TSC */
} watch;

static bool wait_offline(u32 cpu) {
    u64 deadline = deadline_us(LEAVE_TIMEOUT_US);
    while (__atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE) != CPU_OFFLINE) {
        if (deadline_passed(deadline)) return false;
        ipi_poll(); /* it may be waiting for us */
        pause();
    }
    return true;
}

static bool take_out(u32 cpu) {
    if (cpu == 0 || !cpu_is_online(cpu)) return false;
    if (sched_started() ? !sched_cpu_leave(cpu) : cpu == cpu_index()) return false;
    smp_leave(&cpus[cpu], CPU_LEAVING);
    ipi_stop(cpu);
    if (!wait_offline(cpu)) {
        smp_leave(&cpus[cpu], CPU_DEAD);
        log_error("[SMP] CPU %u does not go offline: it counts as dead", cpu);
        return false;
    }
    log_info("[SMP] CPU %u is offline, %u CPUs online", cpu, smp_online_count());
    return true;
}

bool cpu_offline(u32 cpu) {
    mutex_lock(&one_at_a_time);
    bool gone = take_out(cpu);
    mutex_unlock(&one_at_a_time);
    return gone;
}

bool cpu_online(u32 cpu) {
    mutex_lock(&one_at_a_time);
    bool there = smp_restart(cpu);
    if (there) {
        watch.alive_at[cpu] = rdtsc();
        log_info("[SMP] CPU %u is online again, %u CPUs online", cpu, smp_online_count());
    }
    mutex_unlock(&one_at_a_time);
    return there;
}

void watch_set_limit_ms(u64 milliseconds) { watch.limit_ms = milliseconds; }

/* Whoever holds the queue's lock may be the dead one, so the lock is only tried. */
static void rescue_tasks(u32 cpu) {
    struct runqueue *queue = &runqueues[cpu];
    u64 flags;
    if (!sched_started() || !spin_try_lock(&queue->lock, &flags)) return;
    queue->online = false;
    struct task *task;
    u32 moved = 0;
    while ((task = queue_choose(queue, PRIORITY_LOW)) != NULL) {
        spin_unlock(&queue->lock, flags);
        sched_place(task);
        moved++;
        flags = spin_lock(&queue->lock);
    }
    spin_unlock(&queue->lock, flags);
    if (moved > 0) log_info("[SMP] %u tasks of CPU %u moved", moved, cpu);
}

static void look_at(u32 cpu, u64 now) {
    u64 interrupts = __atomic_load_n(&cpus[cpu].interrupts, __ATOMIC_RELAXED);
    if (interrupts != watch.interrupts[cpu] || watch.alive_at[cpu] == 0) {
        watch.interrupts[cpu] = interrupts;
        watch.alive_at[cpu] = now;
    } else if (now - watch.alive_at[cpu] > watch.limit_ms * (tsc_hz() / 1000)) {
        smp_declare_dead(cpu, "it takes no interrupts");
        rescue_tasks(cpu);
        watch.alive_at[cpu] = 0;
        return;
    }
    ipi_send(cpu, IPI_RESCHEDULE);
}

void watch_others(void) {
    u64 now = rdtsc();
    if ((i64)(now - watch.next_look) < 0) return;
    if (watch.limit_ms == 0) watch.limit_ms = cmdline_number("dead-after", DEAD_AFTER_MS);
    watch.next_look = deadline_us(WATCH_EVERY_US);
    bool was_away = now - watch.last_look > BLINK_US * (tsc_hz() / 1000000);
    watch.last_look = now;
    FOR_EACH_ONLINE_CPU(cpu) {
        if (was_away) watch.alive_at[cpu] = 0;
        if (cpu != 0) look_at(cpu, now);
    }
}
