/*
 * The profiler: how often and how long (in TSC cycles) the kernel is in its most important paths, per CPU, and where it is when the
 * timer ticks.
 *
 * A probe that is off is a five-byte NOP in the code; prof_enable patches it into a jump to the measuring code, on all CPUs at
 * once. SDM Vol. 3A, "Handling Self- and Cross-Modifying Code".
 */
#ifndef PROF_H
#define PROF_H

#include "types.h"

enum prof_point {
    PROF_SCHEDULE, /* choosing the next task */
    PROF_SYSCALL,  /* a system call, blocked time and all */
    PROF_FAULT,    /* a user's page fault */
    PROF_SHOOTDOWN,
    PROF_FILE, /* looking a program up */
    PROF_PAGE, /* counted only: a user page filled */
    PROF_POINTS,
};

/* One place that may be patched; collected by the linker between prof_sites_begin and prof_sites_end. */
struct prof_site {
    u64 code, target;
};

/* True where the probes are on; costs a NOP where they are off. */
static inline __attribute__((always_inline)) bool prof_on(void) {
    asm goto("1: .byte 0x0F, 0x1F, 0x44, 0x00, 0x00\n" /* SDM Vol. 2, "NOP": the recommended five-byte form */
             ".pushsection .prof_sites, \"a\"\n"
             ".balign 8\n"
             ".quad 1b, %l[enabled]\n"
             ".popsection"
             :
             :
             :
             : enabled);
    return false;
enabled:
    return true;
}

void prof_start(enum prof_point point, u64 *began);
void prof_end(enum prof_point point, u64 began);
void prof_count(enum prof_point point);

/* PROF_START and PROF_END stand in one function, at the same point; PROF_COUNT stands alone. */
#define PROF_START(point)                                                                          \
    u64 prof_began_##point = 0;                                                                    \
    if (prof_on()) prof_start(point, &prof_began_##point)
#define PROF_END(point)                                                                            \
    if (prof_on()) prof_end(point, prof_began_##point)
#define PROF_COUNT(point)                                                                          \
    if (prof_on()) prof_count(point)

/* Switches all probes; from a task with interrupts on and no lock. */
void prof_enable(bool on);
bool prof_enabled(void);
/* From the timer interrupt: where this CPU was. */
void prof_sample(u64 rip, bool user);
/* Forgets what was measured. */
void prof_reset(void);
/* The table: probes, counters per CPU, the most frequent places of the samples. */
void prof_print(void);
/* What a point has counted on all CPUs. */
u64 prof_total(enum prof_point point);

#endif
