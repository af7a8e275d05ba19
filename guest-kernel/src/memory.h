/*
 * Physical memory: every page frame of the usable entries of the memory map, each with a count of its users.
 * Limine PROTOCOL.md, "Memory Map Feature". Frames of memory that the loader calls reclaimable stay the loader's: its tables,
 * stacks and answers are in use for as long as the kernel runs.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include "types.h"

/* Zeroed pages, physically contiguous, by their HHDM address; panics when memory is out. */
void *pages_alloc(u32 count);
/* Gives back what pages_alloc gave. */
void pages_free(void *pages, u32 count);

/* One zeroed frame with one user, by its physical address; 0 when memory is out. */
u64 frame_alloc(void);
/* One more user of the frame: copy-on-write shares it. */
void frame_hold(u64 phys);
/* One user less; the last one gives the frame back. */
void frame_release(u64 phys);
u32 frame_users(u64 phys);

/* True when the page lies in memory of the given map type. */
bool memory_has_type(u64 phys_page, u64 type);
/* Sum of all usable memory in bytes. */
u64 memory_usable(void);
/* Bytes that nobody uses now. */
u64 memory_free(void);
/*
 * Bytes that kernel stacks, task structures and the kernel's page tables took for good: who gives one back leaves it to the next
 * of its kind. Where nothing leaks, memory_free() and this are the same in sum after some work as before it.
 */
u64 memory_kept(void);
void memory_keep(u64 bytes);

#endif
