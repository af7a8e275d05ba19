/* Physical pages from the loader's memory map. Pages are never given back: the kernel lives shorter than its memory. */
#ifndef MEMORY_H
#define MEMORY_H

#include "types.h"

/* Zeroed pages, physically contiguous, by their HHDM address; panics when memory is out. */
void *pages_alloc(u32 count);
/* True when the page lies in memory of the given map type. */
bool memory_has_type(u64 phys_page, u64 type);
/* Sum of all usable memory in bytes. */
u64 memory_usable(void);

#endif
