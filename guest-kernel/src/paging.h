/* Additions to the page tables the loader built. SDM Vol. 3A, "4-Level Paging and 5-Level Paging". */
#ifndef PAGING_H
#define PAGING_H

#include "types.h"

#define PTE_PRESENT 0x1UL
#define PTE_WRITE 0x2UL
#define PTE_USER 0x4UL
#define PTE_WRITE_THROUGH 0x8UL
#define PTE_CACHE_DISABLE 0x10UL
#define PTE_LARGE 0x80UL
#define PTE_NO_EXECUTE (1UL << 63)
#define PTE_ADDRESS 0x000FFFFFFFFFF000UL

/* The leaf entry for a 4 KiB page, its tables made where missing; NULL where a larger page maps the address. */
u64 *page_entry(u64 virtual_address);
/* Maps one 4 KiB page and flushes it from this CPU's TLB. */
void page_map(u64 virtual_address, u64 phys, u64 flags);
/* HHDM alias of a device or table that the loader need not have mapped (base revision 3 and later); uncached where new. */
void *map_physical(u64 phys, u64 length);
/* Physical address behind a mapped virtual one. */
u64 virt_to_phys(const void *virtual_address);

#endif
