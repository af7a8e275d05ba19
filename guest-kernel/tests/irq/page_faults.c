/* SDM Vol. 3A, "Interrupt 14 - Page-Fault Exception (#PF)", "Paging-Structure Entries: accessed and dirty flags". */
#include "irq.h"
#include "memory.h"
#include "paging.h"
#include "probe.h"
#include "string.h"

#define AREA 0x0000300000000000UL
#define WRITABLE (AREA + 0 * PAGE_SIZE)
#define READ_ONLY (AREA + 1 * PAGE_SIZE)
#define ABSENT (AREA + 2 * PAGE_SIZE)
#define RESERVED_BITS (AREA + 3 * PAGE_SIZE)
#define PTE_ACCESSED 0x20UL
#define PTE_DIRTY 0x40UL
#define PTE_RESERVED (1UL << 51) /* above any physical address width in use */

#define ERROR_PRESENT 1
#define ERROR_WRITE 2
#define ERROR_RESERVED 8
#define ERROR_FETCH 16

static struct probe probe;

static void read_byte(void *at) { asm volatile("movb (%0), %%al" : : "r"(at) : "rax", "memory"); }
static void write_byte(void *at) { asm volatile("movb $1, (%0)" : : "r"(at) : "memory"); }
static void jump_to(void *at) { asm volatile("call *%0" : : "r"(at) : "memory"); }
static void write_across(void *at) { asm volatile("movq $-1, (%0)" : : "r"(at) : "memory"); }
static void compare_exchange(void *at) {
    asm volatile("mov $77, %%eax; lock cmpxchgl %%ecx, (%0)" : : "r"(at) : "rax", "memory", "cc");
}
static u64 stack_before;
static void pop_there(void *at) {
    asm volatile("pushq $1; mov %%rsp, %1; popq (%0)" : : "r"(at), "m"(stack_before) : "memory");
}

static void expect(void (*access)(void *), u64 at, u64 error, u64 cr2, const char *what) {
    bool caught = probe_run(&probe, access, (void *)at);
    tap_check(caught && probe.frame.vector == VECTOR_PF && probe.frame.error == error && probe.cr2 == cr2,
              "%s: error code %lx, CR2 %lx", what, caught ? probe.frame.error : 0xFFF, probe.cr2);
}

static void test_error_codes(void) {
    expect(read_byte, ABSENT + 5, 0, ABSENT + 5, "a read of an absent page");
    expect(write_byte, ABSENT + 6, ERROR_WRITE, ABSENT + 6, "a write to an absent page");
    expect(write_byte, READ_ONLY, ERROR_PRESENT | ERROR_WRITE, READ_ONLY, "a write to a read-only page with CR0.WP");
    expect(jump_to, WRITABLE, ERROR_PRESENT | ERROR_FETCH, WRITABLE, "a fetch from a no-execute page");
    expect(read_byte, RESERVED_BITS, ERROR_PRESENT | ERROR_RESERVED, RESERVED_BITS, "a reserved bit in a page table");
    expect(read_byte, 0, 0, 0, "a null pointer"); /* base revision 1 and later */
}

static void test_nothing_changed(void) {
    memset((void *)WRITABLE, 0, PAGE_SIZE);
    u64 at = READ_ONLY - 4;
    expect(write_across, at, ERROR_PRESENT | ERROR_WRITE, READ_ONLY, "a write that begins in a good page reports the bad one");
    tap_check(*(volatile u32 *)at == 0, "and leaves the good page unchanged");
    expect(compare_exchange, READ_ONLY, ERROR_PRESENT | ERROR_WRITE, READ_ONLY, "CMPXCHG that compares unequal needs write access");
}

static u64 flags_before;

static void add_to_read_only(void *at) {
    asm volatile("stc\n"
                 "pushfq\n"
                 "pop %0\n"
                 "mov $-1, %%rcx\n"
                 "add %%rcx, (%1)\n"
                 : "=m"(flags_before)
                 : "r"(at)
                 : "rcx", "memory", "cc");
}

static void copy_into(void *at) {
    asm volatile("mov %0, %%rdi; mov %1, %%rsi; mov $64, %%ecx; cld; rep movsb"
                 :
                 : "r"(at), "r"(WRITABLE)
                 : "rdi", "rsi", "rcx", "memory");
}

#define STATUS_FLAGS 0x8D5UL

static void test_precise(void) {
    bool caught = probe_run(&probe, add_to_read_only, (void *)READ_ONLY);
    tap_check(caught && ((probe.frame.rflags ^ flags_before) & STATUS_FLAGS) == 0 && probe.frame.rcx == ~0UL,
              "ADD to a read-only page faults before the flags change");
    caught = probe_run(&probe, copy_into, (void *)(READ_ONLY - 24));
    tap_check(caught && probe.frame.rcx == 40 && probe.frame.rdi == READ_ONLY && probe.frame.rsi == WRITABLE + 24,
              "REP MOVSB stops at the page end with exact registers (%lu left)", probe.frame.rcx);
    caught = probe_run(&probe, pop_there, (void *)ABSENT);
    tap_check(caught && probe.frame.rsp == stack_before && probe.cr2 == ABSENT, "POP to an absent page leaves RSP alone");
}

static void test_accessed_and_dirty(void) {
    u64 *entry = page_entry(WRITABLE);
    *entry &= ~(PTE_ACCESSED | PTE_DIRTY);
    invlpg((void *)WRITABLE);
    read_byte((void *)WRITABLE);
    u64 after_read = *(volatile u64 *)entry;
    write_byte((void *)WRITABLE);
    u64 after_write = *(volatile u64 *)entry;
    tap_check((after_read & (PTE_ACCESSED | PTE_DIRTY)) == PTE_ACCESSED, "a read sets Accessed, not Dirty");
    tap_check((after_write & PTE_DIRTY) != 0, "a write then sets Dirty");
}

void test_page_faults(void) {
    u64 first = virt_to_phys(pages_alloc(1)), second = virt_to_phys(pages_alloc(1));
    page_map(WRITABLE, first, PTE_PRESENT | PTE_WRITE | PTE_NO_EXECUTE);
    page_map(READ_ONLY, second, PTE_PRESENT | PTE_NO_EXECUTE);
    page_map(RESERVED_BITS, second | PTE_RESERVED, PTE_PRESENT | PTE_WRITE);
    test_error_codes();
    test_nothing_changed();
    test_precise();
    test_accessed_and_dirty();
}
