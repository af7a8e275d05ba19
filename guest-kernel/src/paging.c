/*
 * Additions to the page tables the loader built. SDM Vol. 3A, "4-Level Paging and 5-Level Paging".
 * New entries only: a not-present entry is in no TLB (SDM Vol. 3A, "Caching Translation Information"), so no CPU needs a shootdown.
 */
#include "paging.h"

#include "boot.h"
#include "memory.h"
#include "panic.h"
#include "spinlock.h"

#define TABLE_FLAGS (PTE_PRESENT | PTE_WRITE | PTE_USER)

static struct spinlock lock; /* guards the page tables */

static u64 *table_of(u64 entry) { return phys_to_hhdm(entry & PTE_ADDRESS); }

/* Walks to the entry that maps the address: a 4 KiB leaf, or a larger page, whose level is told. */
static u64 *walk(u64 address, bool create, int *level) {
    int top = (read_cr4() & CR4_LA57) != 0 ? 5 : 4;
    u64 *table = table_of(read_cr3());
    for (*level = top;; --*level) {
        u64 *entry = &table[address >> (12 + 9 * (*level - 1)) & 511];
        if (*level == 1) return entry;
        if ((*entry & PTE_PRESENT) == 0) {
            if (!create) return entry;
            u64 *fresh = pages_alloc(1);
            *entry = ((u64)fresh - hhdm_request.response->offset) | TABLE_FLAGS;
        } else if (*level <= 3 && (*entry & PTE_LARGE) != 0) {
            return entry;
        }
        table = table_of(*entry);
    }
}

u64 *page_entry(u64 virtual_address) {
    int level;
    u64 flags = spin_lock(&lock);
    u64 *entry = walk(virtual_address, true, &level);
    spin_unlock(&lock, flags);
    return level == 1 ? entry : NULL;
}

void page_map(u64 virtual_address, u64 phys, u64 flags) {
    u64 *entry = page_entry(virtual_address);
    if (entry == NULL) panic("address %lx is covered by a large page", virtual_address);
    *entry = phys | flags;
    invlpg((void *)virtual_address);
}

void *map_physical(u64 phys, u64 length) {
    u64 end = phys + length;
    for (u64 page = phys & ~(PAGE_SIZE - 1); page < end; page += PAGE_SIZE) {
        u64 *entry = page_entry((u64)phys_to_hhdm(page));
        if (entry != NULL && (*entry & PTE_PRESENT) == 0) {
            *entry = page | PTE_PRESENT | PTE_WRITE | PTE_CACHE_DISABLE | PTE_WRITE_THROUGH | PTE_NO_EXECUTE;
        }
    }
    return phys_to_hhdm(phys);
}

u64 virt_to_phys(const void *virtual_address) {
    u64 address = (u64)virtual_address;
    int level;
    u64 entry = *walk(address, false, &level);
    if ((entry & PTE_PRESENT) == 0) panic("address %lx is not mapped", address);
    u64 offset_mask = (1UL << (12 + 9 * (level - 1))) - 1;
    return (entry & PTE_ADDRESS & ~offset_mask) | (address & offset_mask);
}
