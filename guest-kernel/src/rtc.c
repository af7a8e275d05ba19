/* Motorola MC146818A data sheet, "Periodic Interrupt Selection", "Register B", "Register C". */
#include "rtc.h"

#include "lock.h"
#include "x86.h"

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71
#define REGISTER_A 0x0A
#define REGISTER_B 0x0B
#define REGISTER_C 0x0C
#define RATE_MASK 0x0F
#define RATE_1024_HZ 6
#define B_PERIODIC 0x40

static struct spinlock lock = SPINLOCK("cmos", RANK_IRQ); /* guards the index and data pair */

static u8 read(u8 index) {
    outb(CMOS_INDEX, index);
    return inb(CMOS_DATA);
}

static void write(u8 index, u8 value) {
    outb(CMOS_INDEX, index);
    outb(CMOS_DATA, value);
}

void rtc_periodic_on(void) {
    SPIN_GUARD(&lock);
    write(REGISTER_A, (u8)((read(REGISTER_A) & ~RATE_MASK) | RATE_1024_HZ));
    write(REGISTER_B, read(REGISTER_B) | B_PERIODIC);
    read(REGISTER_C);
}

void rtc_periodic_off(void) {
    SPIN_GUARD(&lock);
    write(REGISTER_B, (u8)(read(REGISTER_B) & ~B_PERIODIC));
    read(REGISTER_C);
}

void rtc_acknowledge(void) {
    SPIN_GUARD(&lock);
    read(REGISTER_C);
}
