/* The 8254's channel 0 through the I/O APIC and through the 8259. Intel 82093AA, 8259A and 8254 data sheets. */
#include "irq.h"
#include "ioapic.h"

#define PIC1_COMMAND 0x20
#define PIC1_DATA 0x21
#define PIC2_COMMAND 0xA0
#define PIC2_DATA 0xA1
#define PIC_BASE 0x20 /* vectors after ICW2 */
#define PIT_CHANNEL_0 0x40
#define PIT_COMMAND 0x43
#define PIT_CH0_LOHI_MODE2 0x34
#define PIT_1000_HZ 1193
#define LVT_EXTINT 0x700

static u32 pic_count;

static void on_pic(struct trap_frame *frame) {
    (void)frame;
    pic_count++;
    outb(PIC1_COMMAND, 0x20);
}

static void start_pit(void) {
    outb(PIT_COMMAND, PIT_CH0_LOHI_MODE2);
    outb(PIT_CHANNEL_0, PIT_1000_HZ & 0xFF);
    outb(PIT_CHANNEL_0, PIT_1000_HZ >> 8);
}

static void test_ioapic(void) {
    u32 pin = ioapic_isa_pin(0);
    count_reset();
    listen();
    tap_check(count_all() == 0, "a masked I/O APIC pin is quiet");
    ioapic_route(pin, (u64)lapic_id() << 56 | TEST_VECTOR_A);
    tap_check(count_reaches(5), "IRQ 0 of the 8254 arrives through I/O APIC pin %u", pin);
    ioapic_route(pin, RTE_MASKED | TEST_VECTOR_A);
    listen();
    count_reset();
    listen();
    tap_check(count_all() == 0, "and stops when the pin is masked");
    if (cpu_count < 2) return;
    ioapic_route(pin, (u64)cpus[1].lapic_id << 56 | TEST_VECTOR_A);
    bool reached = count_reaches(5);
    ioapic_route(pin, RTE_MASKED | TEST_VECTOR_A);
    tap_check(reached && count_on(0) == 0, "or goes to CPU 1, where the entry says so");
}

static void test_pic(void) {
    trap_set_handler(PIC_BASE, on_pic);
    outb(PIC1_COMMAND, 0x11);
    outb(PIC2_COMMAND, 0x11);
    outb(PIC1_DATA, PIC_BASE);
    outb(PIC2_DATA, PIC_BASE + 8);
    outb(PIC1_DATA, 0x04);
    outb(PIC2_DATA, 0x02);
    outb(PIC1_DATA, 0x01);
    outb(PIC2_DATA, 0x01);
    outb(PIC2_DATA, 0xFF);
    u32 lint0 = lapic_read(LAPIC_LVT_LINT0);
    lapic_write(LAPIC_LVT_LINT0, LVT_EXTINT);
    outb(PIC1_DATA, 0xFE);
    u64 deadline = deadline_us(PATIENCE_US);
    sti();
    while (*(volatile u32 *)&pic_count < 5 && !deadline_passed(deadline)) pause();
    outb(PIC1_DATA, 0xFF);
    wait_us(1000);
    cli();
    lapic_write(LAPIC_LVT_LINT0, lint0 | LVT_MASKED);
    tap_check(pic_count >= 5, "IRQ 0 arrives through the 8259 and LINT0 as ExtINT");
}

void test_external(void) {
    if (!ioapic_init()) {
        tap_skip("no I/O APIC in the MADT");
        return;
    }
    tap_check((ioapic_read(1) >> 16 & 0xFF) >= 23, "the I/O APIC has at least 24 pins");
    count_vector(TEST_VECTOR_A);
    start_pit();
    test_ioapic();
    test_pic();
}
