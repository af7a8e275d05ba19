#include "probe.h"

#include "cpu.h"
#include "x86.h"

bool probe_call(void (*function)(void *), void *argument, struct probe *probe);

bool probe_run(struct probe *probe, void (*function)(void *), void *argument) {
    struct cpu *cpu = this_cpu();
    probe->caught = false;
    probe->rflags = read_rflags();
    __atomic_store_n(&cpu->probe, probe, __ATOMIC_SEQ_CST);
    bool caught = probe_call(function, argument, probe);
    __atomic_store_n(&cpu->probe, NULL, __ATOMIC_SEQ_CST);
    return caught;
}

bool probe_catch(struct trap_frame *frame) {
    struct probe *probe = this_cpu()->probe;
    if (probe == NULL || probe->caught) return false;
    probe->caught = true;
    probe->cr2 = read_cr2();
    probe->handler_stack = (u64)frame;
    probe->frame = *frame;
    frame->rip = probe->resume;
    frame->rsp = probe->stack;
    frame->rflags = probe->rflags;
    frame->cs = SELECTOR_KERNEL_CODE;
    frame->ss = SELECTOR_KERNEL_DATA;
    return true;
}
