/*
 * Kernel stacks in a window of their own. A slot is eight pages: guard pages, then the stack at its upper end. Pages of a stack
 * stay mapped when it is given back, and the slot is used again: the kernel's half of the address space never loses a mapping,
 * so it never needs a TLB shootdown.
 *
 * A push into the guard page is a page fault whose frame cannot be pushed either: a double fault, which has a stack of its own
 * (SDM Vol. 3A, "Interrupt 8—Double Fault Exception (#DF)", "Interrupt Stack Table").
 */
#include "stack.h"

#include "memory.h"
#include "panic.h"
#include "paging.h"
#include "spinlock.h"

#define SLOT_SIZE (8 * PAGE_SIZE)

static struct spinlock lock; /* guards all below */
static u64 window;           /* 0: none yet */
static u64 slots_made;
static u64 in_use;
static u64 free_list; /* upper end of a free stack, whose topmost word is the next; 0: none */

static u64 make_slot(void) {
    if (window == 0) window = paging_reserve_window();
    u64 top = window + ++slots_made * SLOT_SIZE;
    for (u64 page = top - STACK_PAGES * PAGE_SIZE; page < top; page += PAGE_SIZE) {
        u64 frame = frame_alloc();
        if (frame == 0) panic("out of memory: no page for a kernel stack");
        page_map(page, frame, PTE_PRESENT | PTE_WRITE | PTE_NO_EXECUTE);
    }
    memory_keep(STACK_PAGES * PAGE_SIZE);
    return top;
}

static u64 *link_of(u64 top) { return (u64 *)(top - sizeof(u64)); }

u64 stack_alloc(void) {
    u64 flags = spin_lock(&lock);
    u64 top = free_list;
    if (top != 0) free_list = *link_of(top);
    else top = make_slot();
    in_use++;
    spin_unlock(&lock, flags);
    return top;
}

void stack_free(u64 top) {
    u64 flags = spin_lock(&lock);
    *link_of(top) = free_list;
    free_list = top;
    in_use--;
    spin_unlock(&lock, flags);
}

u64 stack_count(void) {
    SPIN_GUARD(&lock);
    return in_use;
}

bool stack_is_guard(u64 address) {
    u64 start = __atomic_load_n(&window, __ATOMIC_RELAXED);
    if (start == 0 || address < start || address - start >= __atomic_load_n(&slots_made, __ATOMIC_RELAXED) * SLOT_SIZE) return false;
    return (address - start) % SLOT_SIZE < SLOT_SIZE - STACK_PAGES * PAGE_SIZE;
}
