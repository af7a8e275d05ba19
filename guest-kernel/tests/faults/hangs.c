/* Faults in which no CPU can ever go on. */
#include "faults.h"

#include "x86.h"

static volatile u32 log_lock, heap_lock;
static volatile u32 both_hold;
static volatile u32 never_set;

static void __attribute__((noinline)) acquire(volatile u32 *lock) {
    while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) != 0) pause();
}

static void meet(void) {
    __atomic_fetch_add(&both_hold, 1, __ATOMIC_SEQ_CST);
    while (both_hold < 2) pause();
}

static __attribute__((noinline)) void write_log(void) {
    acquire(&log_lock);
    meet();
    acquire(&heap_lock);
}

static __attribute__((noinline)) void allocate(void) {
    acquire(&heap_lock);
    meet();
    acquire(&log_lock);
}

static void opposite_order(void) {
    cli();
    start_first_ap(allocate);
    write_log();
}

static __attribute__((noinline)) void print_twice(void) {
    acquire(&log_lock);
    acquire(&log_lock);
}

static void lock_twice(void) {
    cli();
    print_twice();
}

static __attribute__((noinline)) void wait_for_flag(void) {
    while (never_set == 0) asm volatile("" : : : "memory");
}

static void flag_never_set(void) {
    cli();
    wait_for_flag();
}

static void halt_with_interrupts_off(void) { asm volatile("cli; hlt"); }

static __attribute__((noinline)) void idle(void) {
    for (;;) sti_hlt();
}

const struct fault hang_faults[] = {
    {"opposite-order", opposite_order},
    {"lock-twice", lock_twice},
    {"flag-never-set", flag_never_set},
    {"halt-with-interrupts-off", halt_with_interrupts_off},
    {"idle-without-timer", idle},
    {NULL, NULL},
};
