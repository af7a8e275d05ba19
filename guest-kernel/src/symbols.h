/* Names for addresses, from the kernel's own ELF file, which the loader keeps. ELF-64 Object File Format, "Symbol Table". */
#ifndef SYMBOLS_H
#define SYMBOLS_H

#include "types.h"

#define SYMBOL_TEXT 64

/* "function+0x12" in the buffer of SYMBOL_TEXT characters, "?" where nothing is known; returns the buffer. */
const char *symbol_text(u64 address, char *buffer);
/* The function's name, NULL where unknown; *offset is how far behind its beginning the address lies. */
const char *symbol_find(u64 address, u64 *offset);

#endif
