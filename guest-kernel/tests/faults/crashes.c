/* Faults that end in a triple fault. SDM Vol. 3A, "Interrupt and Exception Handling", "Paging". */
#include "faults.h"

#include "memory.h"
#include "paging.h"
#include "x86.h"

#define VECTOR_PF 14
#define VECTOR_GP 13
#define VECTOR_DF 8
#define CR0_WP (1UL << 16)
#define GUARDED_PAGES 4
#define RESERVED_ADDRESS_BIT (1UL << 51)
#define EFER_NXE (1UL << 11)
#define NOWHERE 0xFFFFA00000001000UL

static struct fault_tables tables;

static void use_empty_tables(void) {
    tables_fill(&tables);
    tables_load(&tables);
}

/* The gate of #PF names a stack that is not there. */
static u64 *volatile nothing;

static __attribute__((noinline)) void write_to_null(void) { nothing[2] = 1; }

static void bad_ist(void) {
    use_empty_tables();
    tables_stack(&tables, 3, NOWHERE);
    tables_gate(&tables, VECTOR_PF, handler_halt, 3);
    tables_gate(&tables, VECTOR_DF, handler_halt, 3);
    write_to_null();
}

/* Loading a segment sets the Accessed bit of its descriptor, in a page that cannot be written. */
static __attribute__((noinline)) void load_stack_segment(void) { asm volatile("mov %0, %%ss" : : "r"(FAULT_DATA)); }

static u64 gdt_page;

static void read_only_gdt_ap(void) {
    write_cr0(read_cr0() | CR0_WP);
    tables_load_idt(&tables);
    tables_load_gdt((const u64 *)gdt_page);
    load_stack_segment();
}

static void read_only_gdt(void) {
    u64 *gdt = pages_alloc(1);
    gdt_page = paging_reserve_window();
    tables_fill(&tables);
    for (int i = 0; i < FAULT_GDT_ENTRIES; i++) gdt[i] = tables.gdt[i] & ~ACCESSED;
    page_map(gdt_page, virt_to_phys(gdt), PTE_PRESENT | PTE_NO_EXECUTE);
    tables_gate(&tables, VECTOR_PF, handler_halt, 0);
    tables_gate(&tables, VECTOR_DF, handler_halt, 0);
    on_first_ap(read_only_gdt_ap);
}

/* An entry with a physical address that no processor has. */
static __attribute__((noinline)) void read_page(u64 page) { (void)*(volatile u64 *)page; }

static void reserved_bit(void) {
    u64 page = paging_reserve_window();
    page_map(page, virt_to_phys(pages_alloc(1)), PTE_PRESENT | PTE_WRITE);
    *page_entry(page) |= RESERVED_ADDRESS_BIT;
    invlpg((void *)page);
    use_empty_tables();
    read_page(page);
}

/* The AP forgot to switch on what its page tables use. */
static u64 no_execute_page;

static void nx_without_nxe_ap(void) {
    use_empty_tables();
    wrmsr(MSR_EFER, rdmsr(MSR_EFER) & ~EFER_NXE);
    write_cr3(read_cr3());
    read_page(no_execute_page);
}

static void nx_without_nxe(void) {
    no_execute_page = paging_reserve_window();
    page_map(no_execute_page, virt_to_phys(pages_alloc(1)), PTE_PRESENT | PTE_WRITE | PTE_NO_EXECUTE);
    on_first_ap(nx_without_nxe_ap);
}

static __attribute__((noinline)) void push_nowhere(void) {
    asm volatile("movabs $0x1234567890abcdef, %rsp\n"
                 "push %rax");
}

static void non_canonical_rsp(void) {
    use_empty_tables();
    tables_gate(&tables, 12, handler_halt, 0);
    tables_gate(&tables, VECTOR_DF, handler_halt, 0);
    push_nowhere();
}

/* A recursion without end on a stack with a page below it that is not mapped. */
/* Never called with 0. */
/* The empty statement stands between the call and the return, so that no compiler makes a loop of it. */
static __attribute__((noinline)) u64 recurse(u64 depth) {
    u64 below = depth == 0 ? 0 : recurse(depth + 1);
    asm volatile("" : "+r"(below));
    return below + depth;
}

static void call_on_guarded_stack(void *function) {
    u64 window = paging_reserve_window();
    for (u64 i = 1; i <= GUARDED_PAGES; i++) {
        page_map(window + i * 4096, virt_to_phys(pages_alloc(1)), PTE_PRESENT | PTE_WRITE | PTE_NO_EXECUTE);
    }
    asm volatile("mov %0, %%rsp\n"
                 "xor %%ebp, %%ebp\n"
                 "mov $1, %%edi\n"
                 "call *%1"
                 :
                 : "r"(window + (GUARDED_PAGES + 1) * 4096), "r"(function)
                 : "memory");
}

static void stack_overflow(void) {
    use_empty_tables();
    tables_gate(&tables, VECTOR_PF, handler_halt, 0);
    tables_gate(&tables, VECTOR_DF, handler_halt, 0);
    call_on_guarded_stack(recurse);
}

static __attribute__((noinline)) void call_through(fault_function function) {
    function();
    asm volatile("" : : : "memory");
}

static void wild_jump(void) {
    use_empty_tables();
    call_through((fault_function)0x123456789000UL);
}

/* The handler of #GP raises #GP. */
static void gp_handler(void) { (void)rdmsr(0x12345678); }
static __attribute__((noinline)) void load_bad_cr4(u64 ignored) {
    (void)ignored;
    write_cr4(read_cr4() | 1UL << 31);
}

static void gp_in_gp_handler(void) {
    use_empty_tables();
    tables_gate(&tables, VECTOR_GP, gp_handler, 0);
    call_on_guarded_stack(load_bad_cr4);
}

/* Example of the books: DS is loaded before there is an IDT. */
static __attribute__((noinline)) void load_data_segment(void) { asm volatile("mov %0, %%ds" : : "r"(FAULT_DATA)); }

static void absent_segment_ap(void) {
    tables_fill(&tables);
    tables.gdt[FAULT_DATA / 8] &= ~PRESENT_SEGMENT;
    tables_load_gdt(tables.gdt);
    load_data_segment();
}

static void absent_segment(void) { on_first_ap(absent_segment_ap); }

/* Page tables without the kernel's IDT and stack: only the code that loads them is there. */
static void unmapped_idt(void) {
    use_empty_tables();
    struct {
        u16 limit;
        u64 base;
    } __attribute__((packed)) idtr = {sizeof tables.idt - 1, NOWHERE};
    asm volatile("lidt %0" : : "m"(idtr));
    asm volatile("ud2");
}

const struct fault crash_faults[] = {
    {"bad-ist", bad_ist},
    {"read-only-gdt", read_only_gdt},
    {"reserved-bit", reserved_bit},
    {"nx-without-nxe", nx_without_nxe},
    {"non-canonical-rsp", non_canonical_rsp},
    {"stack-overflow", stack_overflow},
    {"wild-jump", wild_jump},
    {"gp-in-gp-handler", gp_in_gp_handler},
    {"absent-segment", absent_segment},
    {"unmapped-idt", unmapped_idt},
    {NULL, NULL},
};
