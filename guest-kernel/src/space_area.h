/* Inside an address space: which addresses are there at all. The lock of the space is held. */
#ifndef SPACE_AREA_H
#define SPACE_AREA_H

#include "space.h"

struct area *area_find(struct space *space, u64 address);
/* False when there are too many. The range is free. */
bool area_add(struct space *space, u64 start, u64 end, u32 rights);
/* Splits areas so that each lies wholly inside or outside of [start, end); false when there would be too many. */
bool area_cut(struct space *space, u64 start, u64 end);
/* Forgets the areas inside [start, end), after area_cut. */
void area_drop(struct space *space, u64 start, u64 end);
/* The lowest place from `from` on that has room for so many bytes and a free page on both sides; 0: none. */
u64 area_room(struct space *space, u64 from, u64 length);

#endif
