/*
 * Broken twins: kernels with one well-known SMP bug each, to try tools on. `make` builds them below target/guest/twins, and
 * `make TWIN=name` one of them. In the healthy kernel twin(...) is a constant 0, and nothing of this is left.
 *
 * A twin runs the test that shows its bug where the command line asks for none. README.md says how each one fails.
 */
#ifndef TWIN_H
#define TWIN_H

#define TWIN_NONE 0
#define TWIN_LAPIC_ADDRESS 1     /* debug output clobbers the register that holds the local APIC's address */
#define TWIN_GS_EARLY 2          /* an AP asks GS for its CPU id before GS is set */
#define TWIN_TWO_COUNTERS 3      /* the scheduler counts CPUs by itself, and finds one */
#define TWIN_ABBA 4              /* two CPUs take two locks in opposite order */
#define TWIN_LOCK_IN_HANDLER 5   /* a lock taken with interrupts on is taken in an interrupt handler too */
#define TWIN_NO_EOI 6            /* the timer's handler forgets the EOI */
#define TWIN_NO_SHOOTDOWN 7      /* a page is unmapped without telling the other CPUs */
#define TWIN_SHARED_STACK 8      /* all APs start on one stack */
#define TWIN_LOST_WAKEUP 9       /* a condition is looked at with interrupts on, and then comes HLT */
#define TWIN_UNLOCKED_COUNTER 10 /* a shared counter goes up without lock */
#define TWIN_NULL_IDT 11         /* an AP does not load the IDT */
#define TWIN_SHORT_TRAMPOLINE 12 /* only the first half of the AP trampoline is copied */

#ifndef TWIN
#define TWIN TWIN_NONE
#endif

#define twin(name) (TWIN == TWIN_##name)

#ifndef __ASSEMBLER__
/* What holds where the command line says nothing: the test that fails, and how APs start; "" in the healthy kernel. */
extern const char twin_options[];
#endif

#endif
