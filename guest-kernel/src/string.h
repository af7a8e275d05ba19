/* The few string functions we need; gcc may also call the mem* ones by itself. */
#ifndef STRING_H
#define STRING_H

#include "types.h"

void *memset(void *to, int value, size_t count);
void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
int memcmp(const void *a, const void *b, size_t count);
size_t strlen(const char *text);
int strncmp(const char *a, const char *b, size_t count);

#endif
