#include "time.h"

#include "boot.h"
#include "calibrate.h"
#include "x86.h"

static u64 frequency; /* written by the BSP before it starts others */

u64 tsc_hz(void) {
    if (frequency != 0) return frequency;
    if (tsc_frequency_request.response != NULL) frequency = tsc_frequency_request.response->value[0];
    else frequency = calibrate(rdtsc);
    return frequency;
}

u64 deadline_us(u64 microseconds) { return rdtsc() + microseconds * (tsc_hz() / 1000) / 1000; }

bool deadline_passed(u64 deadline) { return (i64)(rdtsc() - deadline) >= 0; }

u64 time_running(u64 *last) {
    u64 now = rdtsc(), passed = now - *last, most = PATIENCE_STEP_US * (tsc_hz() / 1000) / 1000;
    *last = now;
    return passed < most ? passed : most;
}

struct patience patience_us(u64 microseconds) {
    return (struct patience){.left = microseconds * (tsc_hz() / 1000) / 1000, .last = rdtsc()};
}

bool patience_ends(struct patience *patience) {
    u64 passed = time_running(&patience->last);
    patience->left = passed < patience->left ? patience->left - passed : 0;
    return patience->left == 0;
}

void wait_us(u64 microseconds) {
    u64 deadline = deadline_us(microseconds);
    while (!deadline_passed(deadline)) pause();
}
