/* A user address space: areas of equal rights, filled with frames when they are touched. SDM Vol. 3A, "Access Rights". */
#ifndef SPACE_H
#define SPACE_H

#include "lock.h"
#include "types.h"

#define USER_START 0x10000UL
#define USER_END 0x00007FFFFFFFE000UL /* short of the last canonical page: SYSRET must never see an address above */

#define AREA_READ 1
#define AREA_WRITE 2
#define AREA_EXECUTE 4
#define AREA_RIGHTS 7
#define MAX_AREAS 64

struct area {
    u64 start, end;
    u32 rights;
};

struct space {
    struct mutex lock; /* guards the page tables and all below but where it says otherwise; taken with interrupts on */
    u64 top;           /* physical address of the top table; constant */
    u64 generation;    /* counts changes that may leave stale TLB entries; added to under the lock, read by all */
    u32 users;         /* atomic */
    u32 area_count;
    struct area areas[MAX_AREAS]; /* in no order; none overlaps another */
};

/* An empty space with one user; NULL when memory is out. */
struct space *space_create(void);
/* A copy whose pages are shared until one of the two writes; NULL when memory is out. */
struct space *space_fork(struct space *parent);
void space_hold(struct space *space);
/* The last user's release frees everything. Interrupts on; the caller's own CPU may hold it lazily at most. */
void space_release(struct space *space);

/* Zero-filled memory in place of what is there; false where it leaves user memory, or there are too many areas. */
bool space_map_at(struct space *space, u64 start, u64 length, u32 rights);
/* The same where there is room; its address, 0 where there is none. */
u64 space_map(struct space *space, u64 length, u32 rights);
bool space_unmap(struct space *space, u64 start, u64 length);
/* Gives [start, start + length), which must lie within one area, other rights; false where it does not. */
bool space_protect(struct space *space, u64 start, u64 length, u32 rights);

/* What a page fault needs; false where the access is not allowed or memory is out. The error code is the processor's. */
bool space_fault(struct space *space, u64 address, u64 error);

/* Copies between kernel and user memory, with the user's rights; false where a byte may not be read or written. */
bool space_read(struct space *space, void *to, u64 from, u64 length);
bool space_write(struct space *space, u64 to, const void *from, u64 length);
/* Fills memory of a space that nobody uses yet, whatever its rights. */
bool space_fill(struct space *space, u64 to, const void *from, u64 length);
/* A text of at most size - 1 characters; false where it is longer or cannot be read. */
bool space_read_text(struct space *space, char *to, u64 from, u64 size);

/* Pages that are filled now. */
u64 space_resident(struct space *space);

#endif
