/* Kernel stacks, each above a page that is never mapped: a stack that overflows faults instead of writing over another. */
#ifndef STACK_H
#define STACK_H

#include "types.h"

#define STACK_PAGES 4

/* A stack of STACK_PAGES, by its upper end; panics when memory is out. */
u64 stack_alloc(void);
/* Gives it back. Nobody may stand on it any more. */
void stack_free(u64 top);
/* Stacks in use. */
u64 stack_count(void);
/* True for an address in the guard page below some stack. */
bool stack_is_guard(u64 address);

#endif
