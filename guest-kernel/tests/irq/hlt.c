/* SDM Vol. 2, "HLT", "STI"; Vol. 3A, "Masking Maskable Hardware Interrupts". */
#include "irq.h"
#include "jobs.h"

static u64 halted_at; /* RIP in the frame of the last interrupt */

static void on_wake(struct trap_frame *frame) {
    halted_at = frame->rip;
    if (frame->vector != VECTOR_NMI) lapic_eoi();
}

static void test_timer_wakes(void) {
    trap_set_handler(TEST_VECTOR_A, on_wake);
    lapic_write(LAPIC_DIVIDE, DIVIDE_BY_16);
    lapic_write(LAPIC_LVT_TIMER, TEST_VECTOR_A);
    u64 after;
    halted_at = 0;
    lapic_write(LAPIC_INITIAL_COUNT, 200000);
    asm volatile("lea 1f(%%rip), %0; sti; hlt; 1: cli" : "=r"(after) : : "memory");
    tap_check(halted_at == after, "HLT ends with the timer's interrupt and returns behind HLT");
}

static void test_shadow(void) {
    count_vector(TEST_VECTOR_A);
    count_reset();
    lapic_ipi(0, ICR_SELF | ICR_ASSERT | TEST_VECTOR_A);
    asm volatile("sti; cli" : : : "memory");
    u32 in_shadow = count_all();
    asm volatile("sti; nop; cli" : : : "memory");
    tap_check(in_shadow == 0, "no interrupt comes between STI and the next instruction");
    tap_check(count_all() == 1, "but behind it");
}

static volatile u32 stage;

static void halt_deaf(void *argument) {
    (void)argument;
    stage = 1;
    asm volatile("cli; hlt" : : : "memory");
    stage = 2;
}

static void test_nmi_wakes(void) {
    if (cpu_count < 2) {
        tap_skip("waking another CPU needs 2 CPUs");
        return;
    }
    trap_set_handler(VECTOR_NMI, on_wake);
    job_give(1, halt_deaf, NULL);
    while (stage == 0) pause();
    wait_us(QUIET_US);
    lapic_ipi(cpus[1].lapic_id, ICR_FIXED | ICR_ASSERT | TEST_VECTOR_A);
    wait_us(QUIET_US);
    u32 with_fixed = stage;
    lapic_ipi(cpus[1].lapic_id, ICR_NMI | ICR_ASSERT);
    bool woke = job_wait(1);
    tap_check(with_fixed == 1, "HLT with IF clear sleeps through a fixed interrupt");
    tap_check(woke && stage == 2, "and ends with an NMI");
}

void test_hlt(void) {
    test_timer_wakes();
    test_shadow();
    test_nmi_wakes();
}
