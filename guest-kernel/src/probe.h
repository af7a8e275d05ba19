/* Runs a function that may raise an exception, and comes back with what was raised. */
#ifndef PROBE_H
#define PROBE_H

#include "trap.h"

struct probe {
    u64 stack;  /* written by probe_call */
    u64 resume; /* written by probe_call */
    u64 rflags;
    bool caught;
    u64 cr2;
    u64 handler_stack; /* where the frame was built */
    struct trap_frame frame;
};

/* True when an exception was caught; everything about it is then in the probe. */
bool probe_run(struct probe *probe, void (*function)(void *), void *argument);
/* From the trap handler: hands the exception to this CPU's probe, if one is running. */
bool probe_catch(struct trap_frame *frame);

#endif
