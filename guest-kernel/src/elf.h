/* Programs as ELF64 files. System V gABI, "Object Files", "Program Loading"; AMD64 psABI, "Object Files". */
#ifndef ELF_H
#define ELF_H

#include "space.h"

/* Fills an empty space from a static executable; NULL, or a sentence that says what is wrong with the file. */
const char *elf_load(struct space *space, const void *file, u64 size, u64 *entry);

#endif
