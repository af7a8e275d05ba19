/* SDM Vol. 3A, "Issuing Interprocessor Interrupts", "Interrupt Acceptance for Fixed Interrupts", "Task and Processor Priorities". */
#include "irq.h"
#include "jobs.h"

#define FIXED (ICR_FIXED | ICR_ASSERT | TEST_VECTOR_A)
#define FLAT_MODEL 0xFFFFFFFF

static void test_shorthands(void) {
    count_reset();
    lapic_ipi(0, ICR_SELF | FIXED);
    listen();
    tap_check(count_on(0) == 1 && count_all() == 1, "shorthand self reaches this CPU only");
    count_reset();
    lapic_ipi(0, ICR_ALL | FIXED);
    tap_check(count_reaches(cpu_count) && count_on(0) == 1, "shorthand all including self reaches %u CPUs", cpu_count);
    count_reset();
    lapic_ipi(0, ICR_ALL_BUT_SELF | FIXED);
    bool reached = count_reaches(cpu_count - 1);
    listen();
    tap_check(reached && count_on(0) == 0 && count_all() == cpu_count - 1, "shorthand all excluding self reaches the others");
}

static void test_destinations(void) {
    for (u32 i = 0; i < cpu_count && i < 4; i++) {
        count_reset();
        lapic_ipi(cpus[i].lapic_id, FIXED);
        bool reached = count_reaches(1);
        tap_check(reached && count_on(i) == 1 && count_all() == 1, "a physical destination reaches CPU %u alone", i);
    }
    if (lapic_is_x2apic()) return;
    count_reset();
    lapic_ipi(0xFF, FIXED);
    tap_check(count_reaches(cpu_count), "physical destination FF reaches all");
}

static void set_logical_id(void *argument) {
    (void)argument;
    lapic_write(LAPIC_DFR, FLAT_MODEL);
    lapic_write(LAPIC_LDR, 1U << (24 + cpu_index()));
}

static void test_logical(void) {
    if (lapic_is_x2apic() || cpu_count > 8) {
        tap_skip("flat logical destinations are for xAPIC mode and 8 CPUs");
        return;
    }
    jobs_run(cpu_count, set_logical_id, NULL, 0);
    count_reset();
    lapic_ipi(1U << (cpu_count - 1) | 1, ICR_LOGICAL | FIXED);
    u32 expected = cpu_count == 1 ? 1 : 2;
    bool reached = count_reaches(expected);
    tap_check(reached && count_on(0) == 1 && count_on(cpu_count - 1) == 1 && count_all() == expected,
              "a flat logical destination reaches the first and the last CPU");
    count_reset();
    lapic_ipi((1U << cpu_count) - 1, ICR_LOGICAL | ICR_LOWEST_PRIORITY | ICR_ASSERT | TEST_VECTOR_A);
    reached = count_reaches(1);
    listen();
    tap_check(reached && count_all() == 1, "lowest priority reaches exactly one CPU");
}

static void test_nmi(void) {
    if (cpu_count < 2) {
        tap_skip("an NMI to another CPU needs 2 CPUs");
        return;
    }
    count_vector(VECTOR_NMI);
    count_reset();
    lapic_ipi(cpus[1].lapic_id, ICR_NMI | ICR_ASSERT);
    tap_check(count_reaches(1) && count_on(1) == 1, "an NMI reaches CPU 1");
    count_reset();
    lapic_ipi(0, ICR_ALL_BUT_SELF | ICR_NMI | ICR_ASSERT);
    tap_check(count_reaches(cpu_count - 1) && count_on(0) == 0, "an NMI to all excluding self reaches the others");
}

static void test_priorities(void) {
    count_reset();
    lapic_ipi(0, ICR_SELF | ICR_ASSERT | TEST_VECTOR_A);
    lapic_ipi(0, ICR_SELF | ICR_ASSERT | TEST_VECTOR_B);
    lapic_ipi(0, ICR_SELF | ICR_ASSERT | TEST_VECTOR_B);
    u32 pending = lapic_read(LAPIC_IRR + 0x10 * (TEST_VECTOR_B / 32)) >> TEST_VECTOR_B % 32 & 1;
    tap_check(count_all() == 0 && pending == 1, "with IF clear, interrupts stay pending in IRR");
    listen();
    tap_check(count_order(0) == TEST_VECTOR_B && count_order(1) == TEST_VECTOR_A && count_all() == 2,
              "the higher vector goes first, and two requests of one vector are one");
    count_reset();
    write_cr8(TEST_VECTOR_A >> 4);
    tap_check(lapic_read(LAPIC_TPR) == (TEST_VECTOR_A & 0xF0), "CR8 is the upper half of TPR");
    lapic_ipi(0, ICR_SELF | FIXED);
    listen();
    u32 held = count_all();
    write_cr8((TEST_VECTOR_A >> 4) - 1);
    listen();
    tap_check(held == 0 && count_all() == 1, "the task priority holds a vector of its class back until it is lowered");
    write_cr8(0);
}

void test_ipi(void) {
    count_vector(TEST_VECTOR_A);
    count_vector(TEST_VECTOR_B);
    test_shorthands();
    test_destinations();
    test_logical();
    test_nmi();
    test_priorities();
}

#define CPUID_1_ECX_X2APIC (1U << 21)

static void enter_x2apic(void *argument) {
    (void)argument;
    wrmsr(MSR_APIC_BASE, rdmsr(MSR_APIC_BASE) | APIC_BASE_X2APIC);
}

/* SDM Vol. 3A, "Extended XAPIC (x2APIC)". */
void test_x2apic(void) {
    if ((cpuid(1, 0).ecx & CPUID_1_ECX_X2APIC) == 0) {
        tap_skip("no x2APIC");
        return;
    }
    bool entered = lapic_is_x2apic() || jobs_run(cpu_count, enter_x2apic, NULL, 0);
    tap_check(entered && lapic_is_x2apic(), "all CPUs enter x2APIC mode");
    tap_check(lapic_id() == cpus[0].lapic_id, "the x2APIC id is the APIC id");
    count_vector(TEST_VECTOR_A);
    count_vector(TEST_VECTOR_B);
    u32 id = lapic_id();
    tap_check(lapic_read(LAPIC_LDR) == ((id >> 4) << 16 | 1U << (id & 15)), "the logical id follows from the x2APIC id");
    test_shorthands();
    test_destinations();
    test_nmi();
    test_priorities();
}
