/*
 * The shapes. Loads and stores are single MOVs in inline assembly, so that the compiler cannot reorder or merge them.
 * The variants: plain; MFENCE between the two accesses of a thread; XCHG, locked by nature, in place of each store.
 */
#include "litmus.h"

static inline __attribute__((always_inline)) void store(enum litmus_variant variant, volatile u64 *at, u64 value) {
    if (variant == LOCKED) asm volatile("xchg %0, %1" : "+r"(value), "+m"(*at) : : "memory");
    else asm volatile("movq %1, %0" : "=m"(*at) : "r"(value) : "memory");
}

static inline __attribute__((always_inline)) u64 load(volatile u64 *at) {
    u64 value;
    asm volatile("movq %1, %0" : "=r"(value) : "m"(*at) : "memory");
    return value;
}

static inline __attribute__((always_inline)) void fence(enum litmus_variant variant) {
    if (variant == MFENCE) asm volatile("mfence" : : : "memory");
}

/* A thread: the branch on the variant is taken outside the two accesses. */
#define THREAD(name, first, second)                                                                \
    static inline __attribute__((always_inline)) void name##_body(enum litmus_variant v, struct litmus_cell *c, u64 *r) { \
        (void)r;                                                                                   \
        first;                                                                                     \
        fence(v);                                                                                  \
        second;                                                                                    \
    }                                                                                              \
    static void name(enum litmus_variant v, struct litmus_cell *c, u64 *r) {                       \
        switch (v) {                                                                               \
        case PLAIN: name##_body(PLAIN, c, r); break;                                               \
        case MFENCE: name##_body(MFENCE, c, r); break;                                             \
        default: name##_body(LOCKED, c, r); break;                                                 \
        }                                                                                          \
    }
#define W(variable, value) store(v, &c->variable, value)
#define R(number, variable) r[number] = load(&c->variable)
#define OUTCOME(name, condition)                                                                   \
    static bool name(const struct litmus_outcome *o) { return condition; }

/* A register of a two-load thread is written to memory between the loads; it is a plain store to a private line. */
THREAD(sb_0, W(x, 1), R(0, y))
THREAD(sb_1, W(y, 1), R(1, x))
OUTCOME(sb_relaxed, o->r[0] == 0 && o->r[1] == 0)

THREAD(r_0, W(x, 1), W(y, 1))
THREAD(r_1, W(y, 2), R(0, x))
OUTCOME(r_relaxed, o->y == 2 && o->r[0] == 0)

THREAD(mp_0, W(x, 1), W(y, 1))
THREAD(mp_1, R(0, y), R(1, x))
OUTCOME(mp_relaxed, o->r[0] == 1 && o->r[1] == 0)

THREAD(lb_0, R(0, x), W(y, 1))
THREAD(lb_1, R(1, y), W(x, 1))
OUTCOME(lb_relaxed, o->r[0] == 1 && o->r[1] == 1)

THREAD(iriw_0, W(x, 1), (void)0)
THREAD(iriw_1, W(y, 1), (void)0)
THREAD(iriw_2, R(0, x), R(1, y))
THREAD(iriw_3, R(2, y), R(3, x))
OUTCOME(iriw_relaxed, o->r[0] == 1 && o->r[1] == 0 && o->r[2] == 1 && o->r[3] == 0)

THREAD(s_0, W(x, 2), W(y, 1))
THREAD(s_1, R(0, y), W(x, 1))
OUTCOME(s_relaxed, o->r[0] == 1 && o->x == 2)

THREAD(w22_0, W(x, 1), W(y, 2))
THREAD(w22_1, W(y, 1), W(x, 2))
OUTCOME(w22_relaxed, o->x == 1 && o->y == 1)

THREAD(n5_0, W(x, 1), R(0, x))
THREAD(n5_1, W(x, 2), R(1, x))
OUTCOME(n5_relaxed, o->r[0] == 2 && o->r[1] == 1)

THREAD(corr_0, W(x, 1), (void)0)
THREAD(corr_1, R(0, x), R(1, x))
OUTCOME(corr_relaxed, o->r[0] == 1 && o->r[1] == 0)

#define ONLY_PLAIN {[PLAIN] = true}
#define NEVER {false}

const struct litmus_shape litmus_shapes[] = {
    {"SB", 2, 2, false, {sb_0, sb_1}, sb_relaxed, "r0=0 r1=0", ONLY_PLAIN},
    {"R", 2, 1, true, {r_0, r_1}, r_relaxed, "r0=0 y=2", ONLY_PLAIN},
    {"MP", 2, 2, false, {mp_0, mp_1}, mp_relaxed, "r0=1 r1=0", NEVER},
    {"LB", 2, 2, false, {lb_0, lb_1}, lb_relaxed, "r0=1 r1=1", NEVER},
    {"IRIW", 4, 4, false, {iriw_0, iriw_1, iriw_2, iriw_3}, iriw_relaxed, "r0=1 r1=0 r2=1 r3=0", NEVER},
    {"S", 2, 1, true, {s_0, s_1}, s_relaxed, "r0=1 x=2", NEVER},
    {"2+2W", 2, 0, true, {w22_0, w22_1}, w22_relaxed, "x=1 y=1", NEVER},
    {"n5", 2, 2, true, {n5_0, n5_1}, n5_relaxed, "r0=2 r1=1", NEVER},
    {"CoRR", 2, 2, false, {corr_0, corr_1}, corr_relaxed, "r0=1 r1=0", NEVER},
};
const u32 litmus_shape_count = ARRAY_LENGTH(litmus_shapes);
