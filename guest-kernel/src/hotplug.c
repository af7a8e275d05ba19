/*
 * A CPU leaves in three steps: the scheduler takes its tasks away; its state says LEAVING, so that nobody sends it anything new;
 * the stop interrupt makes it answer old calls and halt. It comes back as it came first, by INIT and start-up IPI.
 * SDM Vol. 3A, "MP Initialization Protocol Algorithm".
 *
 * A dead CPU is one that takes no interrupts any more. It is asked for a sign of life now and then; a busy one gives it by its
 * timer. How long it was silent is measured in time that the boot CPU was running itself (time.h). Its running task is lost;
 * those that wait in its queue move.
 */
#include "hotplug.h"

#include "cmdline.h"
#include "ipi.h"
#include "lock.h"
#include "log.h"
#include "nmi.h"
#include "sched_queue.h"
#include "sipi.h"
#include "smp.h"
#include "symbols.h"
#include "time.h"
#include "x86.h"

#define LEAVE_TIMEOUT_US 10000000
#define WATCH_EVERY_US 200000
#define DEAD_AFTER_MS 30000

static struct mutex one_at_a_time; /* guards changes of who is online */

static struct { /* used by the boot CPU only */
    u64 last_call, next_look; /* TSC */
    u64 own_time;             /* TSC cycles that the boot CPU itself was running */
    u64 limit_ms;             /* 0: not set yet */
    u64 signs[MAX_CPUS];      /* of life: changes with every interrupt and every start */
    u64 heard_at[MAX_CPUS];   /* by own_time */
} watch;

/*
 * A CPU that was given up and yet came back would run a task that others run, by an old TLB, and write to stacks whose owners no
 * longer wait. So it is made sure that it stands still, before the first consequence is drawn: an NMI holds it where it is, if it
 * takes any, and INIT holds it in any case (SDM Vol. 3A, "MP Initialization Protocol Algorithm": until a start-up IPI comes).
 */
static void give_up(u32 cpu, const char *reason) {
    char where[SYMBOL_TEXT] = "a place where it takes no NMI";
    const struct trap_frame *frame = nmi_stop(cpu);
    sipi_reset(cpus[cpu].lapic_id);
    if (frame != NULL) symbol_text(frame->rip, where);
    __atomic_store_n(&cpus[cpu].state, CPU_DEAD, __ATOMIC_SEQ_CST);
    log_error("[SMP] CPU %u is dead: %s, and stood at %s; %u CPUs go on", cpu, reason, where, smp_online_count());
}

static bool wait_offline(u32 cpu) {
    struct patience patience = patience_us(LEAVE_TIMEOUT_US);
    while (__atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE) != CPU_OFFLINE) {
        if (patience_ends(&patience)) return false;
        ipi_poll(); /* it may be waiting for us */
        pause();
    }
    return true;
}

static bool take_out(u32 cpu) {
    if (cpu == 0 || !cpu_is_online(cpu)) return false;
    if (sched_started() ? !sched_cpu_leave(cpu) : cpu == cpu_index()) return false;
    if (!smp_take_out(cpu)) return false;
    ipi_stop(cpu);
    if (!wait_offline(cpu)) {
        give_up(cpu, "it does not go offline");
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
    if (there) log_info("[SMP] CPU %u is online again, %u CPUs online", cpu, smp_online_count());
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

void cpu_declare_dead(u32 cpu, const char *reason) {
    if (!smp_take_out(cpu)) return;
    give_up(cpu, reason);
    rescue_tasks(cpu);
}

static void look_at(u32 cpu) {
    u64 signs = __atomic_load_n(&cpus[cpu].interrupts, __ATOMIC_RELAXED) + __atomic_load_n(&cpus[cpu].online_since, __ATOMIC_RELAXED);
    if (signs != watch.signs[cpu]) {
        watch.signs[cpu] = signs;
        watch.heard_at[cpu] = watch.own_time;
    } else if (watch.own_time - watch.heard_at[cpu] > watch.limit_ms * (tsc_hz() / 1000)) {
        cpu_declare_dead(cpu, "it takes no interrupts");
        return;
    }
    ipi_send(cpu, IPI_RESCHEDULE);
}

void watch_others(void) {
    watch.own_time += time_running(&watch.last_call);
    if (!deadline_passed(watch.next_look)) return;
    if (watch.limit_ms == 0) watch.limit_ms = cmdline_number("dead-after", DEAD_AFTER_MS);
    watch.next_look = deadline_us(WATCH_EVERY_US);
    FOR_EACH_ONLINE_CPU(cpu) {
        if (cpu != 0) look_at(cpu);
    }
}
