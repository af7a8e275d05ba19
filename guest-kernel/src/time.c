#include "time.h"

#include "boot.h"
#include "pit.h"
#include "x86.h"

#define CALIBRATION_US 10000

static u64 frequency; /* written by the BSP before it starts others */

u64 tsc_hz(void) {
    if (frequency != 0) return frequency;
    if (tsc_frequency_request.response != NULL) {
        frequency = tsc_frequency_request.response->value[0];
    } else {
        u64 start = rdtsc();
        pit_wait_us(CALIBRATION_US);
        frequency = (rdtsc() - start) * (1000000 / CALIBRATION_US);
    }
    return frequency;
}

u64 deadline_us(u64 microseconds) { return rdtsc() + microseconds * (tsc_hz() / 1000) / 1000; }

bool deadline_passed(u64 deadline) { return (i64)(rdtsc() - deadline) >= 0; }

void wait_us(u64 microseconds) {
    u64 deadline = deadline_us(microseconds);
    while (!deadline_passed(deadline)) pause();
}
