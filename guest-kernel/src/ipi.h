/* Interrupts from processor to processor. SDM Vol. 3A, "Issuing Interprocessor Interrupts". */
#ifndef IPI_H
#define IPI_H

#include "percpu.h"

enum ipi_kind {
    IPI_RESCHEDULE, /* look at your run queue: sets need_reschedule */
    IPI_TLB,        /* do what the address space code has noted for you */
    IPI_TIMER,      /* behave as if your timer had ticked */
    IPI_CALL,       /* run the queued calls; sent by ipi_call */
    IPI_HALT,       /* answer what was asked, go offline, stop with interrupts off */
    IPI_SHUTDOWN,   /* the same, for the end: the sender waits until smp_online_count says that all others are quiet */
    IPI_NMI_DUMP,   /* an NMI: say where you are, go on */
    IPI_KINDS,
};

/* Once, on the BSP, after irq_init. */
void ipi_init(void);
/* On each CPU before it is online: what is left over from an earlier life of it is answered or forgotten. */
void ipi_cpu_init(struct cpu *cpu);
/* Handlers of RESCHEDULE, TLB and TIMER, besides what this file does itself; run with interrupts off. Returns the one before. */
void (*ipi_set_handler(enum ipi_kind kind, void (*handler)(void)))(void);

/* To one, to a mask, to all but this one, to all. Only CPUs that are online get it. Sending to oneself works. */
void ipi_send(u32 cpu, enum ipi_kind kind);
void ipi_send_mask(const struct cpu_mask *mask, enum ipi_kind kind);
void ipi_send_others(enum ipi_kind kind);
void ipi_send_all(enum ipi_kind kind);

/* The last interrupt for a CPU that is on its way out: it answers calls made to it, goes offline and halts. */
void ipi_stop(u32 cpu);

/* One requested call; lives with the caller until done. */
enum ipi_call_state { CALL_WAITS, CALL_DONE, CALL_REFUSED };
struct ipi_call {
    struct ipi_call *next; /* in the target's queue */
    void (*function)(void *);
    void *argument;
    u32 done; /* enum ipi_call_state; atomic; DONE when the function has returned */
};

/*
 * Runs a function on another CPU, in its interrupt handler. With wait: returns after the function has; false where the CPU is
 * not online or dies meanwhile. A waiter serves calls made to itself, so two CPUs may call each other; but it must not hold a
 * spinlock. Without wait the function gets `call`, which the caller must keep until call->done.
 */
bool ipi_call(u32 cpu, void (*function)(void *), void *argument);
bool ipi_call_nowait(u32 cpu, struct ipi_call *call);
bool ipi_call_wait(u32 cpu, struct ipi_call *call);
/* On every online CPU of the mask (NULL: all), this one too where it belongs to it; returns how many ran it. */
u32 ipi_call_mask(const struct cpu_mask *mask, void (*function)(void *), void *argument);

/* While waiting for other CPUs with interrupts off: serves calls and TLB requests made to this one. */
void ipi_poll(void);
/* Where every other online CPU stands, by NMI: one line each, or that it does not answer. */
void ipi_dump_others(void);

#endif
