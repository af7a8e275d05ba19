/*
 * NMIs between CPUs. The handler takes no lock and prints nothing, for its CPU may hold any lock: it notes the interrupted
 * frame, and the CPU that asked prints.
 */
#include "nmi.h"

#include "backtrace.h"
#include "lapic.h"
#include "log.h"
#include "panic.h"
#include "smp.h"
#include "symbols.h"
#include "time.h"
#include "x86.h"

#define ANSWER_US 1000000

static struct trap_frame frames[MAX_CPUS]; /* written by its CPU before stopped_at is */

static void on_nmi(struct trap_frame *frame) {
    struct cpu *cpu = this_cpu();
    u32 reasons = __atomic_exchange_n(&cpu->nmi_reasons, 0, __ATOMIC_ACQ_REL);
    if (reasons == 0) return; /* not ours: counted with the vectors */
    frames[cpu->index] = *frame;
    __atomic_store_n(&cpu->stopped_at, &frames[cpu->index], __ATOMIC_RELEASE);
    if ((reasons & NMI_STOP) != 0) halt_forever();
}

void nmi_send(u32 cpu, enum nmi_reason reason) {
    __atomic_store_n(&cpus[cpu].stopped_at, NULL, __ATOMIC_RELEASE);
    __atomic_fetch_or(&cpus[cpu].nmi_reasons, (u32)reason, __ATOMIC_SEQ_CST);
    lapic_ipi(cpus[cpu].lapic_id, ICR_NMI | ICR_ASSERT);
}

const struct trap_frame *nmi_frame(u32 cpu) { return __atomic_load_n(&cpus[cpu].stopped_at, __ATOMIC_ACQUIRE); }

static const struct trap_frame *wait_frame(u32 cpu) {
    return WAIT_UNTIL(nmi_frame(cpu) != NULL, ANSWER_US) ? nmi_frame(cpu) : NULL;
}

const struct trap_frame *nmi_stop(u32 cpu) {
    nmi_send(cpu, NMI_STOP);
    return wait_frame(cpu);
}

void nmi_dump_others(void) {
    u32 me = cpu_index();
    FOR_EACH_ONLINE_CPU(i) {
        if (i == me) continue;
        char where[SYMBOL_TEXT];
        nmi_send(i, NMI_DUMP);
        const struct trap_frame *frame = wait_frame(i);
        if (frame == NULL) log_info("[NMI] CPU %u does not answer", i);
        else log_info("[NMI] CPU %u is at %016lx %s, rflags=%lx", i, frame->rip, symbol_text(frame->rip, where), frame->rflags);
    }
}

/* All are sent theirs before the first is waited for: the machine shall stand still before anything is printed. */
static void stop_others(void) {
    u32 me = cpu_index();
    FOR_EACH_ONLINE_CPU(i) {
        if (i != me) nmi_send(i, NMI_STOP);
    }
    FOR_EACH_ONLINE_CPU(k) {
        if (k != me) wait_frame(k);
    }
}

static void report_others(void) {
    u32 me = cpu_index();
    FOR_EACH_ONLINE_CPU(i) {
        if (i == me) continue;
        const struct trap_frame *frame = nmi_frame(i);
        if (frame == NULL) {
            log_panic("CPU %u does not answer", i);
            continue;
        }
        log_panic("CPU %u was stopped:", i);
        backtrace_registers(frame);
        backtrace_print(frame->rip, frame->rbp);
    }
}

void nmi_init(void) {
    trap_set_handler(VECTOR_NMI, on_nmi);
    panic_set_stopper(stop_others, report_others);
}
