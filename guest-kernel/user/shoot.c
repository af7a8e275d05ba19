/*
 * Stale TLB entries, looked for. Threads read a page as fast as they can, while the first thread puts a new page at its place
 * and then says so: whoever reads an older page behind that has used an old translation. Status 0, or 1 + what was seen.
 */
#include "libc.h"

#define THREADS 8
#define PLACE ((volatile u64 *)0x20000000)
#define DECOYS ((volatile u64 *)0x30000000)

#define TAKEN_PAGES 256

static volatile u64 round_now, stop, stale;

static i64 reader(void *unused) {
    (void)unused;
    u64 reads = 0;
    while (__atomic_load_n(&stop, __ATOMIC_ACQUIRE) == 0) {
        u64 expected = __atomic_load_n(&round_now, __ATOMIC_ACQUIRE);
        u64 seen = *PLACE;
        if (seen != 0 && seen < expected) __atomic_store_n(&stale, seen, __ATOMIC_RELEASE);
        reads++;
    }
    return (i64)(reads >> 1);
}

/*
 * Between the two mappings the frame of the old one goes to another page, which says 1 from then on: that is what an old
 * translation leads to. Frames are given out lowest first, so it is most likely that very frame.
 */
/*
 * The frame that was at the place is the first to be given out again: to the place itself, where an old translation would do no
 * harm. So it goes to another page first, which looks like an old one.
 */
static void keep_frame(u64 round) {
    volatile u64 *other = DECOYS + round * (PAGE / sizeof *DECOYS);
    if (mmap((void *)other, PAGE, MAP_READ | MAP_WRITE) != NULL) *other = 1;
}

static i64 replace(u64 rounds) {
    volatile u64 *taken = NULL;
    for (u64 round = 2; round < rounds + 2; round++) {
        u64 place = round % TAKEN_PAGES * (PAGE / sizeof(u64));
        if (taken == NULL || place == 0) taken = mmap((void *)taken, TAKEN_PAGES * PAGE, MAP_READ | MAP_WRITE);
        if (taken == NULL || mmap((void *)PLACE, PAGE, MAP_READ | MAP_WRITE) == NULL) return -2;
        taken[place] = 1;
        keep_frame(round);
        *PLACE = round;
        taken[place] = 1;
        if (*PLACE != round) stale = *PLACE;
        __atomic_store_n(&round_now, round, __ATOMIC_RELEASE);
        if (round % 16 == 0) yield();
        else for (volatile u64 i = 0; i < 300; i++) {}
    }
    return 0;
}

i64 main(const char *argument) {
    u64 rounds = number(argument), threads = (u64)cpu_count() < THREADS ? (u64)cpu_count() : THREADS;
    if (mmap((void *)PLACE, PAGE, MAP_READ | MAP_WRITE) == NULL) return -2;
    for (u64 i = 0; i < threads; i++) {
        if (thread(reader, NULL) < 0) return -3;
    }
    i64 result = replace(rounds);
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    while (wait(NULL) > 0) {}
    return result != 0 ? result : stale != 0 ? 1 + (i64)stale : 0;
}
