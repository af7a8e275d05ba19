/*
 * Address spaces on CPUs, and TLB shootdown.
 *
 * A CPU that runs a kernel task or idles keeps the page tables of the last user task: it is lazy, uses no user address, and the
 * next task is often of the same space. Why a shootdown, which spares lazy CPUs, reaches everybody who could use an old
 * translation:
 *
 *  - The one who changes a page table holds the lock of the space. In this order it (a) writes the entries, (b) adds 1 to
 *    space->generation, (c) reads `loaded` and `lazy` of every CPU, (d) sends an IPI to those that have the space loaded and are
 *    not lazy, (e) waits until each has flushed. (b) is a locked instruction, which keeps (a) before (c) (SDM Vol. 3A,
 *    "Memory Ordering in P6 and More Recent Processor Families": locked instructions have a total order, and no load or store
 *    passes one).
 *  - A CPU that begins to use the space (A) stores loaded = space or lazy = false with XCHG, which is locked, then (B) reads
 *    space->generation, then (C) loads CR3, or leaves it where the generation is the one it had flushed for.
 *  - Of (b) and (A) one is first. If (A) is: (c) sees the CPU, and it gets the IPI. If (b) is: (B) reads the new generation, so
 *    (C) flushes everything, and every page walk behind (C) sees (a). Either way nothing stale is left when (e) is over.
 *  - A CPU that becomes lazy needs no order: an IPI too much only flushes too much. `generation` says for which change the TLB
 *    was last complete; a handler moves it only by one step, from n - 1 to n, so a CPU that missed a change while lazy keeps the
 *    old number and flushes when it stops being lazy.
 *  - A lazy CPU does not read user addresses, but the processor may walk its page tables at any time, speculatively. So tables
 *    are freed only after tlb_evict, when CR3 of no CPU leads to them: a CPU under way from one space to another names both, and
 *    takes the IPI behind its CR3 load, as its interrupts are off until then. space_unmap frees pages, never tables.
 *  - Frames are freed, and the lock is given back, behind (e): nobody can write to a frame through an old entry when it has a
 *    new owner, nor to a page that another task copies because the entry says read-only.
 *  - A waiter in (e) has interrupts on, and what it waits for runs in an interrupt handler that takes no lock; so waiting ends.
 *
 * SDM Vol. 3A, "Operations that Invalidate TLBs and Paging-Structure Caches", "Propagation of Paging-Structure Changes to
 * Multiple Processors". Process-context identifiers are not used, and user pages are never global.
 */
#include "tlb.h"

#include "ipi.h"
#include "panic.h"
#include "paging.h"
#include "prof.h"
#include "lock.h"
#include "sched.h"
#include "smp.h"
#include "space.h"
#include "twin.h"
#include "x86.h"

#define SINGLE_PAGES 16 /* more are flushed by loading CR3 */

static u64 kernel_top; /* CR3 of the kernel without a user half; written once, before there are spaces */

/* What every target has to do; on the sender's stack. */
struct request {
    struct space *space;
    u64 start, end;
    u64 generation;
};

static struct tlb_state *state_of(u32 cpu) { return &runqueues[cpu].tlb; }

void tlb_init(void) { kernel_top = paging_kernel_top(); }

static void load_top(struct tlb_state *state, struct space *space) {
    state->generation = __atomic_load_n(&space->generation, __ATOMIC_SEQ_CST);
    write_cr3(space->top);
}

void tlb_load(struct space *space) {
    struct tlb_state *state = state_of(this_cpu()->index);
    if (space == NULL) {
        __atomic_store_n(&state->lazy, true, __ATOMIC_RELEASE);
        return;
    }
    if (state->loaded != space) {
        __atomic_store_n(&state->leaving, state->loaded, __ATOMIC_RELAXED);
        __atomic_store_n(&state->lazy, false, __ATOMIC_RELEASE);
        (void)__atomic_exchange_n(&state->loaded, space, __ATOMIC_SEQ_CST);
        load_top(state, space);
        __atomic_store_n(&state->leaving, NULL, __ATOMIC_RELEASE);
    } else if (state->lazy) {
        (void)__atomic_exchange_n(&state->lazy, false, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&space->generation, __ATOMIC_SEQ_CST) != state->generation) load_top(state, space);
    }
}

void tlb_leave(void) {
    struct tlb_state *state = state_of(this_cpu()->index);
    write_cr3(kernel_top);
    __atomic_store_n(&state->loaded, NULL, __ATOMIC_RELEASE); /* only now: the tables may be freed */
    state->lazy = false;
}

static void flush_range(u64 start, u64 end) {
    if ((end - start) / PAGE_SIZE > SINGLE_PAGES) {
        write_cr3(read_cr3());
        return;
    }
    for (u64 page = start; page < end; page += PAGE_SIZE) invlpg((void *)page);
}

/* On each target, interrupts off. */
static void flush(void *argument) {
    const struct request *request = argument;
    struct tlb_state *state = state_of(this_cpu()->index);
    if (state->loaded != request->space) return;
    flush_range(request->start, request->end);
    if (state->generation == request->generation - 1) state->generation = request->generation;
}

static void let_go(void *argument) {
    if (state_of(this_cpu()->index)->loaded == argument) tlb_leave();
}

/* The CPUs that use the space, or with everybody also those whose CR3 may only hold it. */
static struct cpu_mask holders(const struct space *space, bool everybody) {
    struct cpu_mask mask = {{0}};
    FOR_EACH_ONLINE_CPU(cpu) {
        struct tlb_state *state = state_of(cpu);
        bool loaded = __atomic_load_n(&state->loaded, __ATOMIC_SEQ_CST) == space;
        bool leaving = __atomic_load_n(&state->leaving, __ATOMIC_SEQ_CST) == space;
        bool lazy = __atomic_load_n(&state->lazy, __ATOMIC_SEQ_CST);
        if (everybody ? loaded || leaving : loaded && !lazy) cpu_mask_add(&mask, cpu);
    }
    return mask;
}

void tlb_shootdown(struct space *space, u64 start, u64 end) {
    PROF_START(PROF_SHOOTDOWN);
    struct request request = {.space = space, .start = start, .end = end};
    request.generation = __atomic_add_fetch(&space->generation, 1, __ATOMIC_SEQ_CST);
    struct cpu_mask mask = holders(space, false);
    if (twin(NO_SHOOTDOWN)) {
        mask = (struct cpu_mask){{0}};
        cpu_mask_add(&mask, cpu_index());
    }
    ipi_call_mask(&mask, flush, &request);
    PROF_END(PROF_SHOOTDOWN);
}

void tlb_evict(struct space *space) {
    struct cpu_mask mask = holders(space, true);
    ipi_call_mask(&mask, let_go, space);
}
