#ifndef ATOMICS_H
#define ATOMICS_H

#include "types.h"

/* A way to count: increments the operand at any address, losing nothing even when other CPUs do the same. */
struct atomic_operation {
    const char *name;
    u32 size;      /* bytes of the whole operand */
    u32 alignment; /* what the instruction demands */
    u64 mask;      /* the count wraps at the operand's width */
    void (*increment)(u8 *at);
    u64 (*value)(const u8 *at);
};

extern const struct atomic_operation atomic_operations[];
extern const u32 atomic_operation_count;

#endif
