/*
 * The loader takes what the file says and believes nothing: every offset is checked against the file's size and every address
 * against user memory. Not loaded: dynamic executables, notes, thread-local storage.
 */
#include "elf.h"

#include "string.h"

#define MAGIC "\177ELF\2\1\1" /* 64-bit, little endian, version 1 */
#define TYPE_EXECUTABLE 2
#define MACHINE_X86_64 62
#define SEGMENT_LOAD 1
#define SEGMENT_DYNAMIC 2
#define SEGMENT_INTERPRETER 3
#define FLAG_EXECUTE 1
#define FLAG_WRITE 2

struct header {
    u8 ident[16];
    u16 type, machine;
    u32 version;
    u64 entry, segments, sections;
    u32 flags;
    u16 header_size, segment_size, segment_count, section_size, section_count, names;
};

struct segment {
    u32 type, flags;
    u64 offset, address, physical, file_size, memory_size, align;
};

static u32 rights_of(const struct segment *segment) {
    u32 rights = AREA_READ;
    if ((segment->flags & FLAG_WRITE) != 0) rights |= AREA_WRITE;
    if ((segment->flags & FLAG_EXECUTE) != 0) rights |= AREA_EXECUTE;
    return rights;
}

static const char *load_segment(struct space *space, const u8 *file, u64 size, const struct segment *segment, u64 *lowest) {
    if (segment->type == SEGMENT_DYNAMIC || segment->type == SEGMENT_INTERPRETER) return "is a dynamic executable";
    if (segment->type != SEGMENT_LOAD || segment->memory_size == 0) return NULL;
    if (segment->file_size > segment->memory_size) return "has a segment that is larger in the file than in memory";
    if (segment->offset > size || segment->file_size > size - segment->offset) return "has a segment outside of the file";
    if (segment->memory_size > USER_END || segment->address > USER_END - segment->memory_size) return "leaves user memory";
    u64 start = segment->address & ~(PAGE_SIZE - 1);
    u64 end = segment->address + segment->memory_size;
    if (start < *lowest) return "has segments that share a page or are not in order";
    *lowest = (end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    if (!space_map_at(space, start, end - start, rights_of(segment))) return "leaves user memory, or has too many segments";
    if (!space_fill(space, segment->address, file + segment->offset, segment->file_size)) return "does not fit into memory";
    return NULL;
}

const char *elf_load(struct space *space, const void *file, u64 size, u64 *entry) {
    const u8 *bytes = file;
    struct header header;
    if (size < sizeof header) return "is shorter than an ELF header";
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.ident, MAGIC, sizeof MAGIC - 1) != 0) return "is no 64-bit little-endian ELF file";
    if (header.type != TYPE_EXECUTABLE || header.machine != MACHINE_X86_64) return "is no static executable for x86-64";
    if (header.segment_size != sizeof(struct segment)) return "has program headers of an unknown size";
    if (header.segments > size || header.segment_count * sizeof(struct segment) > size - header.segments) {
        return "has program headers outside of the file";
    }
    u64 lowest = USER_START;
    for (u32 i = 0; i < header.segment_count; i++) {
        struct segment segment;
        memcpy(&segment, bytes + header.segments + i * sizeof segment, sizeof segment);
        const char *wrong = load_segment(space, bytes, size, &segment, &lowest);
        if (wrong != NULL) return wrong;
    }
    if (header.entry < USER_START || header.entry >= lowest) return "has an entry point outside of its segments";
    *entry = header.entry;
    return NULL;
}
