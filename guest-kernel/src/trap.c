/* The IDT, and what happens with a vector. SDM Vol. 3A, "IDT Descriptors", "64-Bit Mode IDT". */
#include "trap.h"

#include "cpu.h"
#include "panic.h"
#include "probe.h"
#include "x86.h"

#define GATE_INTERRUPT_PRESENT 0x8E00UL
#define GATE_DPL3 0x6000UL

static u64 idt[VECTOR_COUNT][2] __attribute__((aligned(16)));
static trap_handler handlers[VECTOR_COUNT]; /* written before the vector is used */

extern const u64 trap_stubs[VECTOR_COUNT];

static const char *const names[EXCEPTION_COUNT] = {
    "#DE divide error", "#DB debug", "NMI", "#BP breakpoint", "#OF overflow", "#BR bound range", "#UD invalid opcode",
    "#NM device not available", "#DF double fault", "coprocessor overrun", "#TS invalid TSS", "#NP segment not present",
    "#SS stack fault", "#GP general protection", "#PF page fault", "reserved 15", "#MF x87 error", "#AC alignment check",
    "#MC machine check", "#XM SIMD error", "#VE virtualization", "#CP control protection"};

static void set_gate(u8 vector, u64 ist) {
    u64 target = trap_stubs[vector];
    idt[vector][0] = (target & 0xFFFF) | (u64)SELECTOR_KERNEL_CODE << 16 | ist << 32 | GATE_INTERRUPT_PRESENT << 32 |
                     (target >> 16 & 0xFFFF) << 48;
    idt[vector][1] = target >> 32;
}

/* What can strike where no stack is to be trusted has one of its own; SDM Vol. 3A, "Interrupt Stack Table". */
static u64 stack_of(u32 vector) {
    switch (vector) {
    case VECTOR_DF: return IST_DOUBLE_FAULT;
    case VECTOR_NMI: return IST_NMI;
    case VECTOR_MC: return IST_MACHINE_CHECK;
    default: return 0;
    }
}

void trap_init(void) {
    for (u32 vector = 0; vector < VECTOR_COUNT; vector++) {
        set_gate((u8)vector, stack_of(vector));
    }
}

void trap_load_idt(void) {
    struct {
        u16 limit;
        u64 base;
    } __attribute__((packed)) idtr = {sizeof idt - 1, (u64)idt};
    asm volatile("lidt %0" : : "m"(idtr) : "memory");
}

void trap_set_handler(u8 vector, trap_handler handler) { __atomic_store_n(&handlers[vector], handler, __ATOMIC_RELEASE); }

void trap_allow_user(u8 vector) { idt[vector][0] |= GATE_DPL3 << 32; }

void trap_fatal(const struct trap_frame *f) {
    const char *name = names[f->vector] != NULL ? names[f->vector] : "reserved exception";
    panic_at(f, "exception %lu %s, error code %lx, cr2=%lx cr3=%lx, at rip %016lx", f->vector, name, f->error, read_cr2(), read_cr3(),
             f->rip);
}

/* Called from trap_entry.S with interrupts off. */
void trap_dispatch(struct trap_frame *frame) {
    this_cpu()->vector_counts[frame->vector]++;
    if (frame->vector < EXCEPTION_COUNT && frame->vector != VECTOR_NMI && probe_catch(frame)) return;
    trap_handler handler = __atomic_load_n(&handlers[frame->vector], __ATOMIC_ACQUIRE);
    if (handler != NULL) handler(frame);
    else if (frame->vector < EXCEPTION_COUNT) trap_fatal(frame);
    else panic_at(frame, "unexpected interrupt, vector %lu, at rip %016lx", frame->vector, frame->rip);
}
