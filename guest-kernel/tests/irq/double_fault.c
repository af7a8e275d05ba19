/* SDM Vol. 3A, "Interrupt 8 - Double Fault Exception (#DF)", "Interrupt Stack Table". */
#include "irq.h"
#include "memory.h"
#include "paging.h"
#include "probe.h"
#include "stack.h"

#define UNMAPPED_STACK 0x0000310000000000UL

static struct probe probe;

/* #UD cannot be delivered, for its frame would go to an unmapped page; nor can the #PF of that: #DF, on a stack of its own. */
static void fault_without_stack(void *argument) {
    (void)argument;
    asm volatile("mov %0, %%rsp; ud2" : : "r"(UNMAPPED_STACK) : "memory");
}

static void plain_fault(void *argument) {
    (void)argument;
    asm volatile("ud2");
}

static bool on_ist(u64 stack, u32 index) {
    u64 top = this_cpu()->tss.ist[index];
    return stack < top && stack >= top - STACK_PAGES * PAGE_SIZE;
}

void test_double_fault(void) {
    bool caught = probe_run(&probe, fault_without_stack, NULL);
    tap_check(caught && probe.frame.vector == VECTOR_DF && probe.frame.error == 0,
              "an exception on an unmapped stack is #DF with error code 0");
    tap_check(on_ist(probe.handler_stack, IST_DOUBLE_FAULT), "whose handler runs on the stack of its IST entry");
    tap_check(probe.frame.rsp == UNMAPPED_STACK, "and finds the old RSP in its frame");
    caught = probe_run(&probe, plain_fault, NULL);
    tap_check(caught && !on_ist(probe.handler_stack, IST_DOUBLE_FAULT), "an exception without IST stays on the current stack");
    u64 frame_end = probe.handler_stack + sizeof(struct trap_frame);
    tap_check(frame_end % 16 == 0 && probe.frame.rsp - frame_end < 16, "whose frame begins at RSP rounded down to 16");
}
