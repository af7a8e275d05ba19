/* Physical pages, from the usable entries of the memory map, upward from 1 MiB. Limine PROTOCOL.md, "Memory Map Feature". */
#include "memory.h"

#include "boot.h"
#include "panic.h"
#include "spinlock.h"
#include "string.h"

#define LOW_MEMORY_END 0x100000 /* below: left to AP trampolines */

static struct spinlock lock;             /* guards next */
static u64 next = LOW_MEMORY_END; /* pages below are given out or not ours */

static u64 take(u64 size) {
    struct limine_memmap *map = memmap_request.response;
    for (u64 i = 0; i < map->entry_count; i++) {
        struct limine_memmap_entry *entry = map->entries[i];
        u64 start = entry->base > next ? entry->base : next;
        if (entry->type == LIMINE_MEMMAP_USABLE && start + size <= entry->base + entry->length) {
            next = start + size;
            return start;
        }
    }
    panic("out of memory: no %lu contiguous bytes left", size);
}

void *pages_alloc(u32 count) {
    u64 flags = spin_lock(&lock);
    u64 phys = take(count * PAGE_SIZE);
    spin_unlock(&lock, flags);
    return memset(phys_to_hhdm(phys), 0, count * PAGE_SIZE);
}

bool memory_has_type(u64 phys_page, u64 type) {
    struct limine_memmap *map = memmap_request.response;
    for (u64 i = 0; i < map->entry_count; i++) {
        struct limine_memmap_entry *entry = map->entries[i];
        if (phys_page >= entry->base && phys_page + PAGE_SIZE <= entry->base + entry->length) return entry->type == type;
    }
    return false;
}

u64 memory_usable(void) {
    struct limine_memmap *map = memmap_request.response;
    u64 sum = 0;
    for (u64 i = 0; i < map->entry_count; i++) {
        if (map->entries[i]->type == LIMINE_MEMMAP_USABLE) sum += map->entries[i]->length;
    }
    return sum;
}
