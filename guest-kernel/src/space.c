/*
 * Address spaces: demand-zero, copy-on-write, changes of the map.
 *
 * A page that two spaces share, or that was shared, is mapped read-only whatever the rights of its area; a write then faults, and
 * the writer takes the frame when it is the last user, else a copy. SDM Vol. 3A, "Page-Fault Exceptions". The lock is a mutex
 * that is held over the shootdown (tlb.c), so that no other task sees a page between its old and its new state.
 */
#include "space.h"

#include "boot.h"
#include "memory.h"
#include "paging.h"
#include "prof.h"
#include "space_area.h"
#include "string.h"
#include "tlb.h"
#include "x86.h"

#define ERROR_WRITE 2
#define ERROR_FETCH 16
#define MAP_BASE 0x0000100000000000UL /* where space_map looks for room, upward */

static u64 entry_bits(u32 rights) { return PTE_PRESENT | PTE_USER | ((rights & AREA_EXECUTE) != 0 ? 0 : PTE_NO_EXECUTE); }

struct space *space_create(void) {
    u64 top = paging_new_top();
    if (top == 0) return NULL;
    struct space *space = pages_alloc(1);
    space->top = top;
    space->users = 1;
    return space;
}

void space_hold(struct space *space) { __atomic_fetch_add(&space->users, 1, __ATOMIC_RELAXED); }

static void release_page(u64 *entry, u64 address, void *argument) {
    (void)address, (void)argument;
    frame_release(*entry & PTE_ADDRESS);
    *entry = 0;
}

void space_release(struct space *space) {
    if (__atomic_sub_fetch(&space->users, 1, __ATOMIC_ACQ_REL) != 0) return;
    tlb_evict(space);
    paging_visit(space->top, 0, USER_END, release_page, NULL);
    paging_free_tables(space->top);
    pages_free(space, 1);
}

struct fork {
    struct space *child;
    bool failed;
};

/* Both map the frame read-only now. */
static void share_page(u64 *entry, u64 address, void *argument) {
    struct fork *fork = argument;
    u64 *copy = page_entry_in(fork->child->top, address, true);
    if (copy == NULL) {
        fork->failed = true;
        return;
    }
    frame_hold(*entry & PTE_ADDRESS);
    *entry &= ~PTE_WRITE;
    *copy = *entry;
}

struct space *space_fork(struct space *parent) {
    struct fork fork = {.child = space_create()};
    if (fork.child == NULL) return NULL;
    mutex_lock(&parent->lock);
    fork.child->area_count = parent->area_count;
    memcpy(fork.child->areas, parent->areas, sizeof parent->areas);
    paging_visit(parent->top, 0, USER_END, share_page, &fork);
    tlb_shootdown(parent, USER_START, USER_END); /* before the child runs: no thread of the parent may write to a shared frame */
    mutex_unlock(&parent->lock);
    if (!fork.failed) return fork.child;
    space_release(fork.child);
    return NULL;
}

/* A write to a present page that is mapped read-only. */
static bool break_sharing(struct space *space, u64 page, u64 *entry, u32 rights) {
    u64 old = *entry & PTE_ADDRESS;
    if (frame_users(old) == 1) {
        *entry |= PTE_WRITE; /* other CPUs may still see it read-only, fault, and find it so */
        return true;
    }
    u64 copy = frame_alloc();
    if (copy == 0) return false;
    memcpy(phys_to_hhdm(copy), phys_to_hhdm(old), PAGE_SIZE);
    *entry = copy | entry_bits(rights) | PTE_WRITE;
    tlb_shootdown(space, page, page + PAGE_SIZE); /* others must not go on reading the old one */
    frame_release(old);
    return true;
}

/* Makes the page at the address ready for an access; its entry, NULL where that may not be. The lock is held. */
static u64 *ready(struct space *space, u64 address, u32 needed) {
    const struct area *area = area_find(space, address);
    if (area == NULL || (area->rights & needed) != needed) return NULL;
    u64 page = address & ~(PAGE_SIZE - 1);
    u64 *entry = page_entry_in(space->top, page, true);
    if (entry == NULL) return NULL;
    if (*entry == 0) {
        u64 frame = frame_alloc();
        if (frame == 0) return NULL;
        PROF_COUNT(PROF_PAGE);
        *entry = frame | entry_bits(area->rights) | ((area->rights & AREA_WRITE) != 0 ? PTE_WRITE : 0);
    } else if ((needed & AREA_WRITE) != 0 && (*entry & PTE_WRITE) == 0) {
        if (!break_sharing(space, page, entry, area->rights)) return NULL;
    }
    return entry;
}

bool space_fault(struct space *space, u64 address, u64 error) {
    u32 needed = (error & ERROR_WRITE) != 0 ? AREA_WRITE : (error & ERROR_FETCH) != 0 ? AREA_EXECUTE : AREA_READ;
    mutex_lock(&space->lock);
    bool done = ready(space, address, needed) != NULL;
    mutex_unlock(&space->lock);
    if (done) invlpg((void *)address);
    return done;
}

enum direction { FROM_USER, TO_USER, FILL };

static bool copy(struct space *space, u64 user, u8 *kernel, u64 length, enum direction direction) {
    while (length > 0) {
        u64 offset = user % PAGE_SIZE;
        u64 part = PAGE_SIZE - offset < length ? PAGE_SIZE - offset : length;
        mutex_lock(&space->lock);
        u64 *entry = ready(space, user, direction == TO_USER ? AREA_WRITE : direction == FROM_USER ? AREA_READ : 0);
        if (entry != NULL) {
            u8 *page = phys_to_hhdm(*entry & PTE_ADDRESS);
            if (direction == FROM_USER) memcpy(kernel, page + offset, part);
            else memcpy(page + offset, kernel, part);
        }
        mutex_unlock(&space->lock);
        if (entry == NULL) return false;
        user += part, kernel += part, length -= part;
    }
    return true;
}

bool space_read(struct space *space, void *to, u64 from, u64 length) { return copy(space, from, to, length, FROM_USER); }

bool space_write(struct space *space, u64 to, const void *from, u64 length) { return copy(space, to, (u8 *)from, length, TO_USER); }

bool space_fill(struct space *space, u64 to, const void *from, u64 length) { return copy(space, to, (u8 *)from, length, FILL); }

bool space_read_text(struct space *space, char *to, u64 from, u64 size) {
    for (u64 i = 0; i < size; i++) {
        if (!space_read(space, &to[i], from + i, 1)) return false;
        if (to[i] == 0) return true;
    }
    return false;
}

static void hide_page(u64 *entry, u64 address, void *argument) {
    (void)address, (void)argument;
    *entry &= ~PTE_PRESENT; /* the frame stays named until no CPU can use it */
}

/* Whatever lies in the range goes. The lock is held. */
static bool clear(struct space *space, u64 start, u64 end) {
    if (!area_cut(space, start, end)) return false;
    area_drop(space, start, end);
    paging_visit(space->top, start, end, hide_page, NULL);
    tlb_shootdown(space, start, end);
    paging_visit(space->top, start, end, release_page, NULL);
    return true;
}

static bool is_user_range(u64 start, u64 length) {
    return start % PAGE_SIZE == 0 && length > 0 && start >= USER_START && start <= USER_END && length <= USER_END - start;
}

static u64 round_up(u64 length) { return (length + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1); }

bool space_map_at(struct space *space, u64 start, u64 length, u32 rights) {
    length = round_up(length);
    if (!is_user_range(start, length)) return false;
    mutex_lock(&space->lock);
    bool done = clear(space, start, start + length) && area_add(space, start, start + length, rights);
    mutex_unlock(&space->lock);
    return done;
}

u64 space_map(struct space *space, u64 length, u32 rights) {
    length = round_up(length);
    if (length == 0 || length > USER_END) return 0;
    mutex_lock(&space->lock);
    u64 start = area_room(space, MAP_BASE, length);
    if (start != 0 && !area_add(space, start, start + length, rights)) start = 0;
    mutex_unlock(&space->lock);
    return start;
}

bool space_unmap(struct space *space, u64 start, u64 length) {
    length = round_up(length);
    if (!is_user_range(start, length)) return false;
    mutex_lock(&space->lock);
    bool done = clear(space, start, start + length);
    mutex_unlock(&space->lock);
    return done;
}

static void restrict_page(u64 *entry, u64 address, void *argument) {
    (void)address;
    *entry = (*entry & PTE_ADDRESS) | entry_bits(*(u32 *)argument); /* a write finds out whether the page is shared */
}

bool space_protect(struct space *space, u64 start, u64 length, u32 rights) {
    length = round_up(length);
    if (!is_user_range(start, length)) return false;
    mutex_lock(&space->lock);
    const struct area *area = area_find(space, start);
    bool done = area != NULL && start + length <= area->end && area_cut(space, start, start + length);
    if (done) {
        area_find(space, start)->rights = rights;
        paging_visit(space->top, start, start + length, restrict_page, &rights);
        tlb_shootdown(space, start, start + length);
    }
    mutex_unlock(&space->lock);
    return done;
}

static void count_page(u64 *entry, u64 address, void *argument) {
    (void)entry, (void)address;
    ++*(u64 *)argument;
}

u64 space_resident(struct space *space) {
    u64 pages = 0;
    mutex_lock(&space->lock);
    paging_visit(space->top, 0, USER_END, count_page, &pages);
    mutex_unlock(&space->lock);
    return pages;
}
