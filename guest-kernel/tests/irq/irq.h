/* Interrupts, exceptions and privilege: one subject per file, each a function that prints its results. */
#ifndef IRQ_H
#define IRQ_H

#include "cpu.h"
#include "lapic.h"
#include "tap.h"
#include "time.h"
#include "trap.h"
#include "x86.h"

#define TEST_VECTOR_A 0x41
#define TEST_VECTOR_B 0x62 /* of a higher priority class than A */
#define PATIENCE_US 2000000 /* how long an event may take that must come */
#define QUIET_US 20000      /* how long nothing may come that must not */

extern u32 cpu_count; /* written before the first test */

void test_lapic_timer(void);
void test_ipi(void);
void test_x2apic(void);
void test_external(void);
void test_uart(void);
void test_hlt(void);
void test_code_changes(void);
void test_faults(void);
void test_page_faults(void);
void test_double_fault(void);
void test_user_mode(void);

/* Counting handlers: interrupts of a vector by CPU since count_reset. */
void count_vector(u8 vector);
void count_reset(void);
u32 count_on(u32 cpu);
u32 count_all(void);
/* Opens interrupts until the sum reaches the number or patience ends; closes them again. */
bool count_reaches(u32 number);
/* Opens interrupts for the quiet time; closes them again. */
void listen(void);
/* Vectors in the order they were handled on this CPU since count_reset. */
u8 count_order(u32 position);

#endif
