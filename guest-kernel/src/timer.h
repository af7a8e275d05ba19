/* The local APIC's timer, one per CPU. SDM Vol. 3A, "APIC Timer", "TSC-Deadline Mode". */
#ifndef TIMER_H
#define TIMER_H

#include "types.h"

#define TICK_HZ 100

/* Measures the timer's rate against a clock of known rate; once, on the BSP, before APs start theirs. */
void timer_calibrate(void);
/* Name of the clock used, its rate, the result: for debug=cpu and the suite. */
const char *timer_reference(void);
u64 timer_hz(void); /* counts per second with divisor 16 */
bool timer_has_deadline_mode(void);

/* This CPU's timer. Each fires VECTOR_TIMER and calls the tick handler. */
void timer_periodic(u32 hz);
void timer_one_shot_us(u64 microseconds);
void timer_deadline(u64 tsc); /* only where timer_has_deadline_mode */
void timer_stop(void);

/* Run on every CPU at each tick, interrupts off, after the count in struct cpu went up. */
void timer_set_handler(void (*tick)(void));

#endif
