/*
 * The frame allocator. Each usable entry of the memory map (Limine PROTOCOL.md, "Memory Map Feature") is a region; its first
 * frames hold one counter per frame of the region: how many users the frame has, 0 when it is free. The search starts at the
 * lowest frame that may be free, so a frame that was given back is soon given out again: what still uses it is found out.
 */
#include "memory.h"

#include "boot.h"
#include "panic.h"
#include "lock.h"
#include "string.h"

#define LOW_MEMORY_END 0x100000 /* below: left to AP trampolines */
#define MAX_REGIONS 32          /* memory behind more entries than this is not used */

struct region {
    u64 base;
    u64 frames;
    u64 lowest; /* no frame below is free */
    u32 *users;
};

static struct spinlock lock = SPINLOCK("frames", RANK_FRAMES); /* guards all below; the counters too, as a frame is freed together with its last user */
static struct region regions[MAX_REGIONS];
static u32 region_count;
static u64 free_frames;
static u64 kept; /* bytes; atomic */

static void add_region(u64 base, u64 end) {
    if (base < LOW_MEMORY_END) base = LOW_MEMORY_END;
    if (base >= end || region_count == MAX_REGIONS) return;
    struct region *region = &regions[region_count];
    u64 own = ((end - base) / PAGE_SIZE * sizeof(u32) + PAGE_SIZE - 1) / PAGE_SIZE;
    if ((end - base) / PAGE_SIZE <= own) return;
    region->users = memset(phys_to_hhdm(base), 0, own * PAGE_SIZE);
    region->base = base + own * PAGE_SIZE;
    region->frames = (end - region->base) / PAGE_SIZE;
    free_frames += region->frames;
    region_count++;
}

static void init_once(void) {
    if (region_count != 0) return;
    struct limine_memmap *map = memmap_request.response;
    for (u64 i = 0; i < map->entry_count; i++) {
        struct limine_memmap_entry *entry = map->entries[i];
        if (entry->type == LIMINE_MEMMAP_USABLE) add_region(entry->base, entry->base + entry->length);
    }
}

/* The first run of free frames in the region; region->frames where there is none. */
static u64 find_run(struct region *region, u32 count) {
    while (region->lowest < region->frames && region->users[region->lowest] != 0) region->lowest++;
    u64 run = 0;
    for (u64 i = region->lowest; i < region->frames; i++) {
        run = region->users[i] == 0 ? run + 1 : 0;
        if (run == count) return i + 1 - count;
    }
    return region->frames;
}

static u64 take(u32 count) {
    init_once();
    for (u32 r = 0; r < region_count; r++) {
        struct region *region = &regions[r];
        u64 first = find_run(region, count);
        if (first == region->frames) continue;
        for (u32 i = 0; i < count; i++) region->users[first + i] = 1;
        free_frames -= count;
        return region->base + first * PAGE_SIZE;
    }
    return 0;
}

static struct region *region_of(u64 phys) {
    for (u32 r = 0; r < region_count; r++) {
        if (phys >= regions[r].base && phys - regions[r].base < regions[r].frames * PAGE_SIZE) return &regions[r];
    }
    panic("frame %lx is not in memory that was ever given out", phys);
}

/* The counter of a frame that must be in use. */
static u32 *users_of(struct region *region, u64 phys) {
    u32 *users = &region->users[(phys - region->base) / PAGE_SIZE];
    if (*users == 0) panic("frame %lx is used although it is free", phys);
    return users;
}

static void release(u64 phys) {
    struct region *region = region_of(phys);
    u32 *users = users_of(region, phys);
    if (--*users != 0) return;
    free_frames++;
    u64 index = (u64)(users - region->users);
    if (index < region->lowest) region->lowest = index;
}

void *pages_alloc(u32 count) {
    u64 flags = spin_lock(&lock);
    u64 phys = take(count);
    spin_unlock(&lock, flags);
    if (phys == 0) panic("out of memory: no %lu contiguous bytes left", count * PAGE_SIZE);
    return memset(phys_to_hhdm(phys), 0, count * PAGE_SIZE);
}

void pages_free(void *pages, u32 count) {
    u64 phys = (u64)pages - hhdm_request.response->offset;
    u64 flags = spin_lock(&lock);
    for (u32 i = 0; i < count; i++) release(phys + i * PAGE_SIZE);
    spin_unlock(&lock, flags);
}

u64 frame_alloc(void) {
    u64 flags = spin_lock(&lock);
    u64 phys = take(1);
    spin_unlock(&lock, flags);
    if (phys != 0) memset(phys_to_hhdm(phys), 0, PAGE_SIZE);
    return phys;
}

void frame_hold(u64 phys) {
    u64 flags = spin_lock(&lock);
    ++*users_of(region_of(phys), phys);
    spin_unlock(&lock, flags);
}

void frame_release(u64 phys) {
    u64 flags = spin_lock(&lock);
    release(phys);
    spin_unlock(&lock, flags);
}

u32 frame_users(u64 phys) {
    u64 flags = spin_lock(&lock);
    u32 users = *users_of(region_of(phys), phys);
    spin_unlock(&lock, flags);
    return users;
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

u64 memory_free(void) {
    u64 flags = spin_lock(&lock);
    init_once();
    u64 bytes = free_frames * PAGE_SIZE;
    spin_unlock(&lock, flags);
    return bytes;
}

u64 memory_kept(void) { return __atomic_load_n(&kept, __ATOMIC_RELAXED); }

void memory_keep(u64 bytes) { __atomic_fetch_add(&kept, bytes, __ATOMIC_RELAXED); }
