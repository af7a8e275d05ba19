/* Where programs come from: modules of the boot loader, and those linked into the kernel. Limine PROTOCOL.md, "Module Feature". */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "types.h"

struct program {
    const char *name;
    const void *file;
    u64 size;
};

/* By name: a module whose path ends in it first, then the kernel's own. False where there is none. */
bool program_find(const char *name, struct program *program);
/* The n-th one, modules first; false behind the last. */
bool program_at(u32 index, struct program *program);

#endif
