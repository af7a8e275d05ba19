/* SDM Vol. 3A, "APIC Timer", "TSC-Deadline Mode". */
#include "irq.h"

#define CPUID_1_ECX_TSC_DEADLINE (1U << 24)
#define SHORT_COUNT 10000
#define LONG_COUNT 0xFFFFFFFF
#define CPUID_CLOCK 0x15
#define RATE_WAIT_US 10000
#define RATE_ATTEMPTS 5

static void stop(void) {
    lapic_write(LAPIC_LVT_TIMER, LVT_MASKED | TEST_VECTOR_A);
    lapic_write(LAPIC_INITIAL_COUNT, 0);
}

static void start(u32 mode, u32 count) {
    count_reset();
    lapic_write(LAPIC_DIVIDE, DIVIDE_BY_16);
    lapic_write(LAPIC_LVT_TIMER, mode | TEST_VECTOR_A);
    lapic_write(LAPIC_INITIAL_COUNT, count);
}

static void test_counting(void) {
    start(LVT_MASKED, LONG_COUNT);
    u32 first = lapic_read(LAPIC_CURRENT_COUNT);
    wait_us(1000);
    u32 second = lapic_read(LAPIC_CURRENT_COUNT);
    tap_check(second < first && second != 0, "the current count goes down");
    stop();
    tap_check(lapic_read(LAPIC_CURRENT_COUNT) == 0, "an initial count of 0 stops the timer");
}

static bool close_to(u64 measured, u64 expected) {
    return measured > expected - expected / 5 && measured < expected + expected / 5;
}

/* SDM Vol. 3A, "APIC Timer": where CPUID leaf 15H tells the core crystal's frequency, the timer counts at that rate, divided. */
static void test_rate(void) {
    struct cpuid_result clock = cpuid(0, 0).eax < CPUID_CLOCK ? (struct cpuid_result){0} : cpuid(CPUID_CLOCK, 0);
    if (clock.eax == 0 || clock.ebx == 0 || clock.ecx == 0) {
        tap_skip("CPUID does not tell the crystal clock");
        return;
    }
    u64 periods = 0;
    u64 crystal = 0; /* periods of the crystal that went by */
    for (int i = 0; i < RATE_ATTEMPTS && !close_to(periods, crystal); i++) { /* a host may stop us between two readings */
        start(LVT_MASKED, LONG_COUNT);
        u64 tsc = rdtsc();
        u32 first = lapic_read(LAPIC_CURRENT_COUNT);
        wait_us(RATE_WAIT_US);
        periods = (u64)(first - lapic_read(LAPIC_CURRENT_COUNT)) * 16;
        crystal = (rdtsc() - tsc) * clock.eax / clock.ebx;
        stop();
    }
    tap_check(close_to(periods, crystal),
              "the timer counts the crystal clock that CPUID tells: %lu of %lu periods", periods, crystal);
}

static void test_modes(void) {
    start(0, SHORT_COUNT);
    tap_check(count_reaches(1), "a one-shot timer fires");
    listen();
    tap_check(count_all() == 1 && lapic_read(LAPIC_CURRENT_COUNT) == 0, "and only once, its count staying 0");
    start(LVT_PERIODIC, SHORT_COUNT);
    tap_check(count_reaches(5), "a periodic timer fires again and again");
    stop();
    listen(); /* takes what was pending before */
    count_reset();
    listen();
    tap_check(count_all() == 0, "a stopped timer is quiet");
    start(LVT_MASKED, SHORT_COUNT);
    listen();
    tap_check(count_all() == 0, "a masked timer is quiet");
    stop();
}

static void test_deadline(void) {
    if ((cpuid(1, 0).ecx & CPUID_1_ECX_TSC_DEADLINE) == 0) {
        tap_skip("no TSC-deadline timer");
        return;
    }
    count_reset();
    lapic_write(LAPIC_LVT_TIMER, LVT_TSC_DEADLINE | TEST_VECTOR_A);
    asm volatile("mfence" : : : "memory"); /* xAPIC: the LVT write must come before the MSR write */
    u64 deadline = rdtsc() + tsc_hz() / 20;
    wrmsr(MSR_TSC_DEADLINE, deadline);
    tap_check(rdmsr(MSR_TSC_DEADLINE) == deadline, "IA32_TSC_DEADLINE reads back while armed");
    tap_check(count_reaches(1) && (i64)(rdtsc() - deadline) >= 0, "the TSC-deadline timer fires, not before its time");
    tap_check(rdmsr(MSR_TSC_DEADLINE) == 0, "and is disarmed then");
    wrmsr(MSR_TSC_DEADLINE, 1);
    tap_check(count_reaches(2), "a deadline in the past fires at once");
    wrmsr(MSR_TSC_DEADLINE, rdtsc() + tsc_hz() / 200);
    wrmsr(MSR_TSC_DEADLINE, 0);
    count_reset();
    listen();
    tap_check(count_all() == 0, "writing 0 disarms");
    stop();
}

void test_lapic_timer(void) {
    count_vector(TEST_VECTOR_A);
    test_counting();
    test_rate();
    test_modes();
    test_deadline();
}
