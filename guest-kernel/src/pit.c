/*
 * The 8254: channel 2 as a delay, its output seen in port 61h, and as a stopwatch; channel 0 as a source of IRQ 0.
 * Intel 8254 data sheet, "Mode 0: Interrupt on Terminal Count", "Counter Latch Command".
 */
#include "pit.h"

#include "x86.h"

#define CHANNEL_0 0x40
#define CHANNEL_2 0x42
#define COMMAND 0x43
#define COMMAND_CH2_LOHI_MODE0 0xB0
#define COMMAND_CH0_LOHI_MODE2 0x34
#define COMMAND_LATCH_CH2 0x80
#define FULL_COUNT 0xFFFF
#define LOAD_READS 1000
#define PORT_B 0x61
#define PORT_B_GATE2 0x01
#define PORT_B_SPEAKER 0x02
#define PORT_B_OUT2 0x20

void pit_wait_us(u32 microseconds) {
    u32 count = (u32)(microseconds * PIT_HZ / 1000000);
    if (count == 0) count = 1;
    outb(PORT_B, (u8)((inb(PORT_B) & ~PORT_B_SPEAKER) | PORT_B_GATE2));
    outb(COMMAND, COMMAND_CH2_LOHI_MODE0);
    outb(CHANNEL_2, (u8)count);
    outb(CHANNEL_2, (u8)(count >> 8));
    while ((inb(PORT_B) & PORT_B_OUT2) == 0) pause();
}

void pit_counter_start(void) {
    outb(PORT_B, (u8)((inb(PORT_B) & ~PORT_B_SPEAKER) | PORT_B_GATE2));
    outb(COMMAND, COMMAND_CH2_LOHI_MODE0);
    outb(CHANNEL_2, FULL_COUNT & 0xFF);
    outb(CHANNEL_2, FULL_COUNT >> 8);
    for (u32 i = 0; i < LOAD_READS && pit_counter_read() > FULL_COUNT / 2; i++) {
    } /* the count is loaded with the next clock: until then the old one is read */
}

u32 pit_counter_read(void) {
    outb(COMMAND, COMMAND_LATCH_CH2);
    u32 low = inb(CHANNEL_2);
    return FULL_COUNT - (low | (u32)inb(CHANNEL_2) << 8);
}

void pit_periodic(u32 hz) {
    u32 count = (u32)(PIT_HZ / hz);
    outb(COMMAND, COMMAND_CH0_LOHI_MODE2);
    outb(CHANNEL_0, (u8)count);
    outb(CHANNEL_0, (u8)(count >> 8));
}
