/*
 * A clock of unknown rate is read together with channel 2 of the 8254, whose rate is known, at two moments some milliseconds
 * apart: how long the wait really took does not matter. A host or a hypervisor that takes the CPU away between the two readings
 * of a pair spoils it; so the quickest of some tries counts, and two measurements in a row must agree.
 */
#include "calibrate.h"

#include "log.h"
#include "pit.h"
#include "x86.h"

#define TRIES 3
#define PERIODS (PIT_HZ / 200) /* 5 ms */
#define AGREEMENT_PERCENT 2
#define MOST_MEASUREMENTS 20

struct pair {
    u64 pit, clock;
    u64 doubt; /* TSC cycles between the two readings */
};

static struct pair read_both(u64 (*read)(void)) {
    struct pair best = {.doubt = ~0UL};
    for (u32 i = 0; i < TRIES; i++) {
        u64 before = rdtsc();
        u32 pit = pit_counter_read();
        u64 clock = read();
        u64 doubt = rdtsc() - before;
        if (doubt < best.doubt) best = (struct pair){pit, clock, doubt};
    }
    return best;
}

/* Wrong where the host was away for longer than the 8254 counts. */
static u64 measure(u64 (*read)(void)) {
    pit_counter_start();
    struct pair begin = read_both(read), end;
    do {
        end = read_both(read);
    } while (end.pit - begin.pit < PERIODS);
    return (end.clock - begin.clock) * PIT_HZ / (end.pit - begin.pit);
}

static bool agree(u64 a, u64 b) { return a != 0 && (a > b ? a - b : b - a) < a / 100 * AGREEMENT_PERCENT; }

u64 calibrate(u64 (*read)(void)) {
    u64 before = measure(read), rate = measure(read);
    for (u32 i = 0; i < MOST_MEASUREMENTS && !agree(rate, before); i++) {
        before = rate;
        rate = measure(read);
    }
    if (!agree(rate, before)) log_error("[CPU] a clock's rate is uncertain: %lu Hz and %lu Hz measured", before, rate);
    return rate;
}
