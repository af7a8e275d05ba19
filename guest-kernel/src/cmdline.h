/* Options as name=value or bare words, separated by spaces. */
#ifndef CMDLINE_H
#define CMDLINE_H

#include "types.h"

/* The command line, "" where the loader gave none. */
const char *cmdline(void);
/* The text after "name=", up to the next space; false where the option is missing. */
bool cmdline_text(const char *name, char *value, size_t size);
/* A decimal or 0x number; the fallback where the option is missing or no number. */
u64 cmdline_number(const char *name, u64 fallback);
/* True where "name=value" stands in the command line. */
bool cmdline_is(const char *name, const char *value);
/* True where the word stands in "name=word,word". */
bool cmdline_lists(const char *name, const char *word);
/* True where the word stands alone, without a value. */
bool cmdline_has(const char *word);

#endif
