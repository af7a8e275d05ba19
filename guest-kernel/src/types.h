/* Fixed-width integers under short names. */
#ifndef TYPES_H
#define TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

#define PAGE_SIZE 0x1000UL
#define ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))

#endif
