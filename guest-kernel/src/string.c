#include "string.h"

void *memset(void *to, int value, size_t count) {
    void *d = to;
    asm volatile("rep stosb" : "+D"(d), "+c"(count) : "a"(value) : "memory");
    return to;
}

void *memcpy(void *to, const void *from, size_t count) {
    void *d = to;
    asm volatile("rep movsb" : "+D"(d), "+S"(from), "+c"(count) : : "memory");
    return to;
}

void *memmove(void *to, const void *from, size_t count) {
    if (to <= from) return memcpy(to, from, count);
    for (u8 *d = to; count-- > 0;) d[count] = ((const volatile u8 *)from)[count];
    return to;
}

int memcmp(const void *a, const void *b, size_t count) {
    for (const u8 *x = a, *y = b; count-- > 0; x++, y++) {
        if (*x != *y) return *x - *y;
    }
    return 0;
}

size_t strlen(const char *text) {
    const volatile char *end = text; /* volatile, or gcc sees through us and calls strlen */
    while (*end != 0) end++;
    return (size_t)(end - text);
}

int strncmp(const char *a, const char *b, size_t count) {
    for (; count-- > 0; a++, b++) {
        if (*a != *b) return (u8)*a - (u8)*b;
        if (*a == 0) break;
    }
    return 0;
}
