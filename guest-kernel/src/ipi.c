/*
 * IPIs. Three vectors serve all kinds: what is wanted stands in memory, so that requests which arrive while one is pending are
 * not lost (the IRR remembers one interrupt per vector; SDM Vol. 3A, "Interrupt Acceptance for Fixed Interrupts").
 */
#include "ipi.h"

#include "hotplug.h"
#include "irq.h"
#include "lapic.h"
#include "lock.h"
#include "nmi.h"
#include "smp.h"
#include "time.h"
#include "timer.h"
#include "x86.h"

#define CALL_TIMEOUT_US 30000000 /* a CPU that runs no call for so long is dead */

static void (*handlers[IPI_KINDS])(void); /* atomic; each set once */

void (*ipi_set_handler(enum ipi_kind kind, void (*handler)(void)))(void) {
    return __atomic_exchange_n(&handlers[kind], handler, __ATOMIC_ACQ_REL);
}

static void run_handler(enum ipi_kind kind) {
    void (*handler)(void) = __atomic_load_n(&handlers[kind], __ATOMIC_ACQUIRE);
    if (handler != NULL) handler();
}

/* The bits are taken before they are served: a request that comes meanwhile sets its bit again and sends its own interrupt. */
static void serve_reasons(struct cpu *cpu) {
    u32 reasons = __atomic_exchange_n(&cpu->ipi_reasons, 0, __ATOMIC_ACQ_REL);
    if ((reasons & 1U << IPI_TLB) != 0) run_handler(IPI_TLB);
    if ((reasons & 1U << IPI_TIMER) != 0) run_handler(IPI_TIMER);
    if ((reasons & 1U << IPI_RESCHEDULE) != 0) {
        __atomic_store_n(&cpu->need_reschedule, 1, __ATOMIC_RELEASE);
        run_handler(IPI_RESCHEDULE);
    }
}

/* Takes the whole queue, turns it round, so that the oldest comes first, and runs it. Who takes calls out answers them. */
static void serve_calls(struct cpu *cpu) {
    struct ipi_call *newest = __atomic_exchange_n(&cpu->calls, NULL, __ATOMIC_ACQ_REL), *oldest = NULL;
    while (newest != NULL) {
        struct ipi_call *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest != NULL) {
        struct ipi_call *next = oldest->next; /* the caller may reuse it once it is done */
        oldest->function(oldest->argument);
        __atomic_store_n(&oldest->done, CALL_DONE, __ATOMIC_RELEASE);
        oldest = next;
    }
}

static void on_ipi(struct trap_frame *frame) {
    (void)frame;
    serve_reasons(this_cpu());
}

static void on_call(struct trap_frame *frame) {
    (void)frame;
    serve_calls(this_cpu());
}

/* Calls that were made in time are answered before the state says that no more will be. */
static void on_stop(struct trap_frame *frame) {
    (void)frame;
    struct cpu *cpu = this_cpu();
    timer_stop();
    lapic_eoi();
    smp_leave(cpu, CPU_LEAVING);
    serve_calls(cpu);
    smp_leave(cpu, CPU_OFFLINE);
    halt_forever();
}

void ipi_stop(u32 cpu) { lapic_ipi(cpus[cpu].lapic_id, ICR_FIXED | ICR_ASSERT | VECTOR_STOP); }

void ipi_init(void) {
    irq_set_handler(VECTOR_IPI, on_ipi);
    irq_set_handler(VECTOR_CALL, on_call);
    irq_set_handler(VECTOR_STOP, on_stop);
}

static void interrupt(u32 cpu, u8 vector) { lapic_ipi(cpus[cpu].lapic_id, ICR_FIXED | ICR_ASSERT | vector); }

void ipi_send(u32 cpu, enum ipi_kind kind) {
    if (!cpu_is_online(cpu)) return;
    switch (kind) {
    case IPI_NMI_DUMP: nmi_send(cpu, NMI_DUMP); break;
    case IPI_HALT:
    case IPI_SHUTDOWN: ipi_stop(cpu); break;
    case IPI_CALL: interrupt(cpu, VECTOR_CALL); break;
    default:
        __atomic_fetch_or(&cpus[cpu].ipi_reasons, 1U << kind, __ATOMIC_SEQ_CST);
        interrupt(cpu, VECTOR_IPI);
        break;
    }
}

static void send_where(const struct cpu_mask *mask, u32 except, enum ipi_kind kind) {
    FOR_EACH_ONLINE_CPU(i) {
        if (i != except && (mask == NULL || cpu_mask_has(mask, i))) ipi_send(i, kind);
    }
}

void ipi_send_mask(const struct cpu_mask *mask, enum ipi_kind kind) { send_where(mask, NO_CPU, kind); }
void ipi_send_others(enum ipi_kind kind) {
    IRQ_GUARD();
    send_where(NULL, cpu_index(), kind);
}
void ipi_send_all(enum ipi_kind kind) { send_where(NULL, NO_CPU, kind); }

bool ipi_call_nowait(u32 cpu, struct ipi_call *call) {
    if (!cpu_is_online(cpu)) return false;
    call->done = CALL_WAITS;
    struct ipi_call *head = __atomic_load_n(&cpus[cpu].calls, __ATOMIC_RELAXED);
    do {
        call->next = head;
    } while (!__atomic_compare_exchange_n(&cpus[cpu].calls, &head, call, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
    interrupt(cpu, VECTOR_CALL);
    return true;
}

void ipi_poll(void) {
    IRQ_GUARD();
    struct cpu *cpu = this_cpu();
    if (__atomic_load_n(&cpu->ipi_reasons, __ATOMIC_ACQUIRE) != 0) serve_reasons(cpu);
    if (__atomic_load_n(&cpu->calls, __ATOMIC_ACQUIRE) != NULL) serve_calls(cpu);
}

/*
 * Answers, instead of a CPU that runs no more or not yet, that its calls were not run. When we have the lock, nobody else is
 * still busy with a queue that held a call of ours.
 */
static void refuse_calls(u32 cpu) {
    static struct spinlock lock = SPINLOCK("refused calls", RANK_TASK);
    SPIN_GUARD(&lock);
    struct ipi_call *call = __atomic_exchange_n(&cpus[cpu].calls, NULL, __ATOMIC_ACQ_REL);
    while (call != NULL) {
        struct ipi_call *next = call->next;
        __atomic_store_n(&call->done, CALL_REFUSED, __ATOMIC_RELEASE);
        call = next;
    }
}

void ipi_cpu_init(struct cpu *cpu) {
    refuse_calls(cpu->index);
    __atomic_store_n(&cpu->ipi_reasons, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&cpu->nmi_reasons, 0, __ATOMIC_RELAXED);
}

/*
 * The call lies on the waiter's stack: who returns must be sure that nobody will touch it. An OFFLINE CPU has answered all calls
 * that it took, a DEAD one stands still, and what is left in its queue is taken out.
 */
bool ipi_call_wait(u32 cpu, struct ipi_call *call) {
    struct patience patience = patience_us(CALL_TIMEOUT_US);
    while (__atomic_load_n(&call->done, __ATOMIC_ACQUIRE) == CALL_WAITS) {
        ipi_poll();
        pause();
        u32 state = __atomic_load_n(&cpus[cpu].state, __ATOMIC_ACQUIRE);
        if (state == CPU_OFFLINE || state == CPU_DEAD) {
            refuse_calls(cpu);
            break;
        }
        if (patience_ends(&patience)) cpu_declare_dead(cpu, "it runs no calls");
    }
    return __atomic_load_n(&call->done, __ATOMIC_ACQUIRE) == CALL_DONE;
}

bool ipi_call(u32 cpu, void (*function)(void *), void *argument) {
    lock_check_none_held("another CPU's answer");
    struct ipi_call call = {.function = function, .argument = argument};
    u64 flags = irq_save();
    bool here = cpu == cpu_index();
    if (here) function(argument);
    irq_restore(flags);
    return here || (ipi_call_nowait(cpu, &call) && ipi_call_wait(cpu, &call));
}

u32 ipi_call_mask(const struct cpu_mask *mask, void (*function)(void *), void *argument) {
    lock_check_none_held("other CPUs' answers");
    u32 count = smp_cpu_count(), ran = 0;
    struct ipi_call calls[count];
    bool asked[count];
    u64 flags = irq_save(); /* the caller stays on this CPU while it is told apart from the others */
    for (u32 i = 0; i < count; i++) {
        bool wanted = i != cpu_index() && (mask == NULL || cpu_mask_has(mask, i));
        calls[i] = (struct ipi_call){.function = function, .argument = argument};
        asked[i] = wanted && ipi_call_nowait(i, &calls[i]);
    }
    if (mask == NULL || cpu_mask_has(mask, cpu_index())) {
        function(argument);
        ran++;
    }
    irq_restore(flags);
    for (u32 i = 0; i < count; i++) {
        if (asked[i] && ipi_call_wait(i, &calls[i])) ran++;
    }
    return ran;
}

void ipi_dump_others(void) { nmi_dump_others(); }
