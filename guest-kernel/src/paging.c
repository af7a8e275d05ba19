/*
 * Page tables. SDM Vol. 3A, "4-Level Paging and 5-Level Paging".
 *
 * In the kernel's half entries are only ever added: a not-present entry is in no TLB (SDM Vol. 3A, "Caching Translation
 * Information"), so no CPU needs a shootdown. All top tables share the tables below their upper halves; therefore a top entry
 * must not be added to one of them alone once there are several, and page_entry panics rather than do that.
 */
#include "paging.h"

#include "boot.h"
#include "memory.h"
#include "panic.h"
#include "lock.h"
#include "string.h"

#define TABLE_FLAGS (PTE_PRESENT | PTE_WRITE | PTE_USER)

static struct spinlock lock = SPINLOCK("page tables", RANK_PAGE_TABLES); /* guards the tables of the kernel's half, and sealed */
static bool sealed;          /* the kernel's half of the top table was copied: its entries must stay as they are */
static u64 kernel_top;       /* physical address of the loader's top table, which all CPUs begin with; set at the first use */

static u64 *table_of(u64 entry) { return phys_to_hhdm(entry & PTE_ADDRESS); }

u64 paging_kernel_top(void) {
    if (kernel_top == 0) kernel_top = read_cr3() & PTE_ADDRESS;
    return kernel_top;
}

int paging_levels(void) { return (read_cr4() & CR4_LA57) != 0 ? 5 : 4; }

/* Walks to the entry that maps the address: a 4 KiB leaf, or a larger page, whose level is told; NULL when memory is out. */
static u64 *walk(u64 top_phys, u64 address, bool create, int *level) {
    int top = paging_levels();
    u64 *table = table_of(top_phys);
    for (*level = top;; --*level) {
        u64 *entry = &table[address >> (12 + 9 * (*level - 1)) & (TABLE_ENTRIES - 1)];
        if (*level == 1) return entry;
        if ((*entry & PTE_PRESENT) == 0) {
            if (!create) return entry;
            if (*level == top && (i64)address < 0 && sealed) panic("no top table entry for kernel address %lx", address);
            u64 fresh = frame_alloc();
            if (fresh == 0) return NULL;
            *entry = fresh | TABLE_FLAGS;
            if ((i64)address < 0) memory_keep(PAGE_SIZE);
        } else if (*level <= 3 && (*entry & PTE_LARGE) != 0) {
            return entry;
        }
        table = table_of(*entry);
    }
}

u64 *page_entry_in(u64 top_phys, u64 virtual_address, bool create) {
    int level;
    u64 *entry = walk(top_phys, virtual_address, create, &level);
    return level == 1 ? entry : NULL;
}

u64 *page_entry(u64 virtual_address) {
    u64 flags = spin_lock(&lock);
    u64 *entry = page_entry_in(paging_kernel_top(), virtual_address, true);
    spin_unlock(&lock, flags);
    return entry;
}

void page_map(u64 virtual_address, u64 phys, u64 flags) {
    u64 *entry = page_entry(virtual_address);
    if (entry == NULL) panic("address %lx is covered by a large page, or memory is out", virtual_address);
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
    u64 entry = *walk(paging_kernel_top(), address, false, &level);
    if ((entry & PTE_PRESENT) == 0) panic("address %lx is not mapped", address);
    u64 offset_mask = (1UL << (12 + 9 * (level - 1))) - 1;
    return (entry & PTE_ADDRESS & ~offset_mask) | (address & offset_mask);
}

u64 paging_reserve_window(void) {
    u64 flags = spin_lock(&lock);
    u64 *top = table_of(paging_kernel_top());
    u64 slot = FIRST_KERNEL_ENTRY + TABLE_ENTRIES / 4;
    while (slot < TABLE_ENTRIES - 1 && (top[slot] & PTE_PRESENT) != 0) slot++;
    u64 frame = slot < TABLE_ENTRIES - 1 && !sealed ? frame_alloc() : 0;
    if (frame == 0) panic("no free entry in the kernel's half of the top page table");
    top[slot] = frame | TABLE_FLAGS;
    spin_unlock(&lock, flags);
    int unused = 64 - 9 - (12 + 9 * (paging_levels() - 1)); /* address bits above those that the top table decodes */
    return (u64)((i64)(slot << (64 - 9)) >> unused); /* the sign reaches into them: the address is canonical */
}

u64 paging_new_top(void) {
    u64 frame = frame_alloc();
    if (frame == 0) return 0;
    u64 flags = spin_lock(&lock);
    sealed = true;
    u64 *to = table_of(frame), *from = table_of(paging_kernel_top());
    for (u32 i = FIRST_KERNEL_ENTRY; i < TABLE_ENTRIES; i++) to[i] = from[i];
    spin_unlock(&lock, flags);
    return frame;
}

struct visit {
    u64 start, end;
    page_visitor visit;
    void *argument;
};

/* `base` is the first address that the table maps. */
static void visit_below(const struct visit *v, u64 *table, int level, u64 base) {
    u64 step = 1UL << (12 + 9 * (level - 1));
    u64 first = v->start > base ? (v->start - base) / step : 0;
    for (u64 i = first; i < TABLE_ENTRIES && base + i * step < v->end; i++) {
        if (table[i] == 0) continue;
        if (level == 1) v->visit(&table[i], base + i * step, v->argument);
        else visit_below(v, table_of(table[i]), level - 1, base + i * step);
    }
}

void paging_visit(u64 top_phys, u64 start, u64 end, page_visitor visit, void *argument) {
    struct visit v = {start, end, visit, argument};
    visit_below(&v, table_of(top_phys), paging_levels(), 0);
}

static void free_below(u64 entry, int level) {
    u64 *table = table_of(entry);
    for (u32 i = 0; level > 1 && i < TABLE_ENTRIES; i++) {
        if ((table[i] & PTE_PRESENT) != 0) free_below(table[i], level - 1);
    }
    frame_release(entry & PTE_ADDRESS);
}

void paging_free_tables(u64 top_phys) {
    u64 *top = table_of(top_phys);
    for (u32 i = 0; i < FIRST_KERNEL_ENTRY; i++) {
        if ((top[i] & PTE_PRESENT) != 0) free_below(top[i], paging_levels() - 1);
    }
    frame_release(top_phys);
}

bool is_mapped(u64 address) {
    int shift = 64 - (12 + 9 * paging_levels());
    if ((u64)((i64)(address << shift) >> shift) != address) return false; /* not canonical */
    int level;
    return (*walk(read_cr3(), address, false, &level) & PTE_PRESENT) != 0;
}

static u64 phys_of_page(const void *page) { return (u64)page - hhdm_request.response->offset; }

/* Below 1 MiB every index is 0 but the last one. */
u64 paging_root_for_low_page(u64 phys_page) {
    static u64 *tables[5]; /* [0] is the root; kept from call to call */
    int levels = paging_levels();
    if (tables[0] == NULL) {
        for (int i = 0; i < levels; i++) tables[i] = pages_alloc(1);
    }
    memcpy(tables[0], table_of(paging_kernel_top()), PAGE_SIZE);
    for (int i = 0; i + 1 < levels; i++) tables[i][0] = phys_of_page(tables[i + 1]) | PTE_PRESENT | PTE_WRITE;
    tables[levels - 1][phys_page / PAGE_SIZE] = phys_page | PTE_PRESENT | PTE_WRITE;
    return phys_of_page(tables[0]);
}
