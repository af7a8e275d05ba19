/* Page tables: the loader's, which hold the kernel, and those of user programs. SDM Vol. 3A, "4-Level Paging and 5-Level Paging". */
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

#define TABLE_ENTRIES 512
#define FIRST_KERNEL_ENTRY 256 /* of the top table: the upper half of the addresses */

/* The leaf entry for a 4 KiB page, its tables made where missing; NULL where a larger page maps the address. */
u64 *page_entry(u64 virtual_address);
/* The same below another top table, which the caller guards; NULL too where a table is missing and create is false. */
u64 *page_entry_in(u64 top_phys, u64 virtual_address, bool create);
/* Maps one 4 KiB page and flushes it from this CPU's TLB. */
void page_map(u64 virtual_address, u64 phys, u64 flags);
/* HHDM alias of a device or table that the loader need not have mapped (base revision 3 and later); uncached where new. */
void *map_physical(u64 phys, u64 length);
/*
 * Root of tables that are the kernel's in the upper half and map one page below 1 MiB where it lies, for code that switches
 * paging on there. Made afresh from the present root at each call, in the same pages.
 */
u64 paging_root_for_low_page(u64 phys_page);
/* True where an access to this address would find a page. Takes no lock: for the panic path. */
bool is_mapped(u64 virtual_address);
/* Physical address behind a mapped virtual one. */
u64 virt_to_phys(const void *virtual_address);

/* The top table that has no user half of its own: the loader's. First call on the BSP, before there are others. */
u64 paging_kernel_top(void);
/* 4 or 5. */
int paging_levels(void);
/*
 * The start of a part of the kernel's half that nobody uses, as large as one entry of the top table maps. The entry exists
 * afterwards, so page tables copied from now on see what is mapped there later.
 */
u64 paging_reserve_window(void);
/* A top table whose upper half is the kernel's and whose lower half is empty; 0 when memory is out. */
u64 paging_new_top(void);
/*
 * Calls the function for every entry of a 4 KiB page in [start, end) of a user half that is not zero; NULL entries of higher
 * tables are passed over. The caller guards the tables.
 */
typedef void (*page_visitor)(u64 *entry, u64 virtual_address, void *argument);
void paging_visit(u64 top_phys, u64 start, u64 end, page_visitor visit, void *argument);
/* Frees the tables below the lower half of a top table and the table itself, not the pages they map. */
void paging_free_tables(u64 top_phys);

#endif
