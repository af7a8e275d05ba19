/* A page below 1 MiB for the trampoline, mapped where it lies, because paging is switched on while running there. SDM Vol. 3A,
 * "Typical AP Initialization Sequence". */
#include "trampoline.h"

#include "boot.h"
#include "lapic.h"
#include "memory.h"
#include "paging.h"
#include "panic.h"
#include "string.h"
#include "twin.h"
#include "x86.h"

#define PREFERRED_PAGE 0x8000UL
#define LOW_MEMORY_END 0xA0000UL

extern const u8 trampoline_start[], trampoline_end[], trampoline_parameters[];

static u64 page;

/* The preferred page may be the loader's, whose work is done by now and whose tables lie elsewhere. */
static u64 choose_page(void) {
    if (memory_has_type(PREFERRED_PAGE, LIMINE_MEMMAP_USABLE) ||
        memory_has_type(PREFERRED_PAGE, LIMINE_MEMMAP_BOOTLOADER_RECLAIMABLE)) {
        return PREFERRED_PAGE;
    }
    for (u64 at = PAGE_SIZE; at < LOW_MEMORY_END; at += PAGE_SIZE) {
        if (memory_has_type(at, LIMINE_MEMMAP_USABLE)) return at;
    }
    panic("no usable page below 640 KiB for the AP trampoline");
}

static struct trampoline_parameters *parameters(void) {
    return phys_to_hhdm(page + (u64)(trampoline_parameters - trampoline_start));
}

u8 trampoline_install(void) {
    page = choose_page();
    size_t length = (size_t)(trampoline_end - trampoline_start);
    memcpy(phys_to_hhdm(page), trampoline_start, twin(SHORT_TRAMPOLINE) ? length / 2 : length);
    struct trampoline_parameters *p = parameters();
    u64 root = paging_root_for_low_page(page);
    if (root >> 32 != 0) panic("the page tables lie above 4 GiB, out of reach for 32-bit code");
    p->page_base = (u32)root;
    p->lapic = (u64)lapic_registers();
    p->kernel_cr3 = paging_kernel_top();
    p->cr4_bits = (u32)(read_cr4() & CR4_LA57);
    p->gdt_base += (u32)page;
    p->entry32 += (u32)page;
    p->entry64 += (u32)page;
    u32 base = (u32)page;
    memcpy(phys_to_hhdm(page + p->immediate_offset), &base, sizeof base);
    return (u8)(page / PAGE_SIZE);
}

void trampoline_aim(u64 stack, void (*target)(void *), void *argument) {
    struct trampoline_parameters *p = parameters();
    p->stack = stack;
    p->target = (u64)target;
    p->argument = (u64)argument;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
