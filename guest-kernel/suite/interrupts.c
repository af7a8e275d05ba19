/* Device interrupts through the I/O APIC by the MADT's overrides, and vectors that nobody should see. */
#include "cpu.h"
#include "ioapic.h"
#include "irq.h"
#include "lapic.h"
#include "pit.h"
#include "rtc.h"
#include "serial.h"
#include "serial_input.h"
#include "smp.h"
#include "test.h"
#include "time.h"
#include "x86.h"

#define PATIENCE_US 5000000
#define WANTED 5

static u32 ticks; /* atomic */
static u32 last_cpu;

static void on_pit(struct trap_frame *frame) {
    (void)frame;
    last_cpu = cpu_index();
    __atomic_fetch_add(&ticks, 1, __ATOMIC_RELEASE);
}

static void on_rtc(struct trap_frame *frame) {
    on_pit(frame);
    rtc_acknowledge();
}

static bool ticks_reach(u32 wanted) {
    return WAIT_UNTIL(__atomic_load_n(&ticks, __ATOMIC_ACQUIRE) >= wanted, PATIENCE_US);
}

SUITE_TEST(pit_interrupt, 30, "the 8254 interrupts through the pin that the MADT names, on the CPU asked for") {
    u32 last = smp_cpu_count() - 1;
    for (u32 cpu = 0;; cpu = last) {
        ticks = 0;
        TEST_REQUIRE(irq_route_isa(IRQ_PIT, cpu, on_pit), "no pin for IRQ 0");
        pit_periodic(1000);
        bool reached = ticks_reach(WANTED);
        irq_mask_isa(IRQ_PIT);
        TEST_CHECK(reached && last_cpu == cpu, "%u interrupts, the last on CPU %u, not %u", ticks, last_cpu, cpu);
        if (cpu == last) break;
    }
    wait_us(5000);
    u32 seen = ticks;
    wait_us(5000);
    TEST_CHECK(ticks == seen, "a masked pin still interrupts");
}

SUITE_TEST(rtc_interrupt, 31, "the RTC interrupts periodically by IRQ 8") {
    ticks = 0;
    TEST_REQUIRE(irq_route_isa(IRQ_RTC, 0, on_rtc), "no pin for IRQ 8");
    rtc_periodic_on();
    bool reached = ticks_reach(WANTED);
    rtc_periodic_off();
    irq_mask_isa(IRQ_RTC);
    TEST_CHECK(reached, "%u interrupts", ticks);
}

SUITE_TEST(uart_receive, 32, "a received byte comes by IRQ 4 and is read from the buffer") {
    while (serial_input_read() >= 0) {
    }
    u32 before = irq_count(0, VECTOR_ISA + IRQ_COM1);
    serial_loop_back(0xA5);
    int byte = -1;
    TEST_CHECK(WAIT_UNTIL(byte >= 0 || (byte = serial_input_read()) >= 0, PATIENCE_US) && byte == 0xA5, "read %d", byte);
    TEST_CHECK(irq_count(0, VECTOR_ISA + IRQ_COM1) > before, "it came without an interrupt");
}

SUITE_TEST(spurious, 33, "the spurious vector is taken without EOI") {
    u32 before = irq_count(cpu_index(), VECTOR_SPURIOUS);
    asm volatile("int $0xff" : : : "memory");
    TEST_CHECK(irq_count(cpu_index(), VECTOR_SPURIOUS) == before + 1, "it was not counted");
}
