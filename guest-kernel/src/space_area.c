#include "space_area.h"

struct area *area_find(struct space *space, u64 address) {
    for (u32 i = 0; i < space->area_count; i++) {
        if (address >= space->areas[i].start && address < space->areas[i].end) return &space->areas[i];
    }
    return NULL;
}

bool area_add(struct space *space, u64 start, u64 end, u32 rights) {
    if (space->area_count == MAX_AREAS) return false;
    space->areas[space->area_count++] = (struct area){start, end, rights};
    return true;
}

static bool split_at(struct space *space, u64 address) {
    struct area *area = area_find(space, address);
    if (area == NULL || area->start == address) return true;
    if (!area_add(space, address, area->end, area->rights)) return false;
    area->end = address;
    return true;
}

bool area_cut(struct space *space, u64 start, u64 end) { return split_at(space, start) && split_at(space, end); }

void area_drop(struct space *space, u64 start, u64 end) {
    for (u32 i = 0; i < space->area_count;) {
        struct area *area = &space->areas[i];
        if (area->start >= start && area->end <= end) *area = space->areas[--space->area_count];
        else i++;
    }
}

static const struct area *overlapping(const struct space *space, u64 start, u64 end) {
    for (u32 i = 0; i < space->area_count; i++) {
        if (space->areas[i].start < end && start < space->areas[i].end) return &space->areas[i];
    }
    return NULL;
}

u64 area_room(struct space *space, u64 from, u64 length) {
    u64 start = from;
    for (const struct area *area; (area = overlapping(space, start - PAGE_SIZE, start + length + PAGE_SIZE)) != NULL;) {
        start = area->end + PAGE_SIZE;
    }
    return start + length < USER_END ? start : 0;
}
