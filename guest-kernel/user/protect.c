/* Does one forbidden thing, named by the argument; whoever lives to tell has found a hole: status 0. */
#include "libc.h"

static const char constant[] = "a constant";
static volatile u64 overflow_depth;

static i64 overflow(u64 limit) {
    volatile char room[512];
    room[0] = (char)overflow_depth++;
    return overflow_depth == limit ? 0 : overflow(limit) + room[0];
}

i64 main(const char *argument) {
    if (equal(argument, "null")) return *(volatile i64 *)0 & 0;
    if (equal(argument, "kernel-read")) return *(volatile i64 *)0xffffffff80000000 & 0;
    if (equal(argument, "kernel-write")) *(volatile i64 *)0xffff800000100000 = 1;
    if (equal(argument, "text-write")) *(volatile char *)main = 0;
    if (equal(argument, "constant-write")) *(volatile char *)constant = 0;
    if (equal(argument, "execute-data")) ((void (*)(void))(u64)mmap(NULL, PAGE, MAP_READ | MAP_WRITE))();
    if (equal(argument, "noncanonical")) return *(volatile i64 *)0x0000800000000000 & 0;
    if (equal(argument, "cli")) asm volatile("cli");
    if (equal(argument, "hlt")) asm volatile("hlt");
    if (equal(argument, "out")) asm volatile("outb %%al, $0x80" : : "a"(0));
    if (equal(argument, "wrmsr")) asm volatile("wrmsr" : : "c"(0xC0000080), "a"(0), "d"(0));
    if (equal(argument, "cr3")) asm volatile("mov %0, %%cr3" : : "r"(0UL));
    if (equal(argument, "divide")) asm volatile("divl %%ecx" : : "a"(1), "d"(0), "c"(0));
    if (equal(argument, "undefined")) asm volatile("ud2");
    if (equal(argument, "int")) asm volatile("int $0x20");
    if (equal(argument, "sgdt")) {
        u8 gdtr[10];
        asm volatile("sgdt %0" : "=m"(gdtr));
    }
    if (equal(argument, "stack")) return overflow(1000000) & 0;
    if (equal(argument, "unmapped")) {
        volatile char *page = mmap(NULL, PAGE, MAP_READ | MAP_WRITE);
        *page = 1;
        munmap((void *)page, PAGE);
        return *page & 0;
    }
    if (equal(argument, "read-only")) {
        volatile char *page = mmap(NULL, PAGE, MAP_READ | MAP_WRITE);
        *page = 1;
        mprotect((void *)page, PAGE, MAP_READ);
        *page = 2;
    }
    return 0;
}
