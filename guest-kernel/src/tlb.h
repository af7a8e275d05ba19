/* Which CPU holds which address space, and how the others learn of a change. SDM Vol. 3A, "Propagation of Paging-Structure Changes to Multiple Processors". */
#ifndef TLB_H
#define TLB_H

#include "types.h"

struct space;

/* What a CPU knows of its user address space. Written by its own CPU with interrupts off, read by all. */
struct tlb_state {
    struct space *loaded;  /* whose top table CR3 holds; NULL: the kernel's own */
    struct space *leaving; /* CR3 may still hold this one's */
    bool lazy;            /* no user address is used until tlb_load: shootdowns need not come here */
    u64 generation;       /* of loaded: no change older than this is missing in this CPU's TLB */
};

/* On the BSP, once. */
void tlb_init(void);
/* Loads the address space on this CPU; NULL: the one that is there may stay, lazily. Interrupts off. */
void tlb_load(struct space *space);
/* Leaves the address space of this CPU for the kernel's own. Interrupts off. */
void tlb_leave(void);
/*
 * After page table entries of [start, end) were changed: returns when no CPU can use the old ones. Interrupts on, the lock of
 * the space held.
 */
void tlb_shootdown(struct space *space, u64 start, u64 end);
/* Before the page tables of a space without tasks are freed: makes every CPU that still holds them lazily let go. */
void tlb_evict(struct space *space);

#endif
