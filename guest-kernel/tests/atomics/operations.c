/* SDM Vol. 2: LOCK, XADD, CMPXCHG, CMPXCHG8B/CMPXCHG16B, BTS, BTR, XCHG, INC, ADD. */
#include "atomics.h"

#include "string.h"
#include "x86.h"

static u64 bytes(const u8 *at, u32 size) {
    u64 value = 0;
    memcpy(&value, at, size);
    return value;
}
static u64 value8(const u8 *at) { return bytes(at, 1); }
static u64 value16(const u8 *at) { return bytes(at, 2); }
static u64 value32(const u8 *at) { return bytes(at, 4); }
static u64 value64(const u8 *at) { return bytes(at, 8); }

#define LOCKED_ADD(width, suffix, type)                                                            \
    static void xadd##width(u8 *at) {                                                              \
        type one = 1;                                                                              \
        asm volatile("lock xadd" suffix " %0, %1" : "+r"(one), "+m"(*(type *)at) : : "memory", "cc"); \
    }                                                                                              \
    static void inc##width(u8 *at) {                                                               \
        asm volatile("lock inc" suffix " %0" : "+m"(*(type *)at) : : "memory", "cc");              \
    }                                                                                              \
    static void cmpxchg##width(u8 *at) {                                                           \
        bool done;                                                                                 \
        type seen = *(volatile type *)at;                                                          \
        do {                                                                                       \
            type wanted = (type)(seen + 1);                                                        \
            asm volatile("lock cmpxchg" suffix " %3, %1"                                           \
                         : "=@ccz"(done), "+m"(*(type *)at), "+a"(seen)                            \
                         : "r"(wanted)                                                             \
                         : "memory");                                                              \
        } while (!done);                                                                           \
    }
LOCKED_ADD(8, "b", u8)
LOCKED_ADD(16, "w", u16)
LOCKED_ADD(32, "l", u32)
LOCKED_ADD(64, "q", u64)

/* Both halves count, so that a torn exchange is seen as a difference between them. */
static void cmpxchg8b(u8 *at) {
    u32 low = *(volatile u32 *)at, high = *(volatile u32 *)(at + 4);
    bool done;
    do {
        asm volatile("lock cmpxchg8b %1"
                     : "=@ccz"(done), "+m"(*(u64 *)at), "+a"(low), "+d"(high)
                     : "b"(low + 1), "c"(high + 1)
                     : "memory");
    } while (!done);
}

static u64 value8b(const u8 *at) { return value32(at) == value32(at + 4) ? value32(at) : ~0UL; }

static void cmpxchg16b(u8 *at) {
    u64 low = *(volatile u64 *)at, high = *(volatile u64 *)(at + 8);
    bool done;
    do {
        asm volatile("lock cmpxchg16b %1"
                     : "=@ccz"(done), "+m"(*(unsigned __int128 *)at), "+a"(low), "+d"(high)
                     : "b"(low + 1), "c"(high + 1)
                     : "memory");
    } while (!done);
}

static u64 value16b(const u8 *at) { return value64(at) == value64(at + 8) ? value64(at) : ~0UL; }

/* Locks: the count itself is plain, after the lock word, and lost updates show that two CPUs held the lock. */
static void count_plainly(u8 *at) {
    u32 value;
    memcpy(&value, at, 4);
    value++;
    memcpy(at, &value, 4);
}

static void bts(u8 *at) {
    bool taken;
    for (;;) {
        asm volatile("lock btsl $17, %1" : "=@ccc"(taken), "+m"(*(u32 *)at) : : "memory");
        if (!taken) break;
        pause();
    }
    count_plainly(at + 4);
    asm volatile("lock btrl $17, %0" : "+m"(*(u32 *)at) : : "memory", "cc");
}

static void xchg(u8 *at) {
    for (;;) {
        u32 taken = 1;
        asm volatile("xchgl %0, %1" : "+r"(taken), "+m"(*(u32 *)at) : : "memory");
        if (taken == 0) break;
        pause();
    }
    count_plainly(at + 4);
    u32 free = 0;
    asm volatile("xchgl %0, %1" : "+r"(free), "+m"(*(u32 *)at) : : "memory");
}

static u64 value_behind_lock(const u8 *at) { return value32(at) == 0 ? value32(at + 4) : ~0UL; }

#define U8_MASK 0xFFUL
#define U16_MASK 0xFFFFUL
#define U32_MASK 0xFFFFFFFFUL

const struct atomic_operation atomic_operations[] = {
    {"xadd8", 1, 1, U8_MASK, xadd8, value8},
    {"xadd16", 2, 1, U16_MASK, xadd16, value16},
    {"xadd32", 4, 1, U32_MASK, xadd32, value32},
    {"xadd64", 8, 1, ~0UL, xadd64, value64},
    {"inc8", 1, 1, U8_MASK, inc8, value8},
    {"inc16", 2, 1, U16_MASK, inc16, value16},
    {"inc32", 4, 1, U32_MASK, inc32, value32},
    {"inc64", 8, 1, ~0UL, inc64, value64},
    {"cmpxchg8", 1, 1, U8_MASK, cmpxchg8, value8},
    {"cmpxchg16", 2, 1, U16_MASK, cmpxchg16, value16},
    {"cmpxchg32", 4, 1, U32_MASK, cmpxchg32, value32},
    {"cmpxchg64", 8, 1, ~0UL, cmpxchg64, value64},
    {"cmpxchg8b", 8, 1, U32_MASK, cmpxchg8b, value8b},
    {"cmpxchg16b", 16, 16, ~0UL, cmpxchg16b, value16b},
    {"bts", 8, 1, U32_MASK, bts, value_behind_lock},
    {"xchg", 8, 1, U32_MASK, xchg, value_behind_lock},
};
const u32 atomic_operation_count = ARRAY_LENGTH(atomic_operations);
