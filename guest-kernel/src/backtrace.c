/*
 * The chain of callers: each function begins with PUSH RBP, MOV RBP, RSP, so RBP points to the caller's RBP, and the return
 * address lies above. System V ABI, AMD64 supplement, "The Stack Frame".
 */
#include "backtrace.h"

#include "log.h"
#include "paging.h"
#include "symbols.h"
#include "x86.h"

#define DEEPEST 16
#define UPPER_HALF 0xFFFF800000000000UL

void backtrace_registers(const struct trap_frame *f) {
    log_panic("  rax=%016lx rbx=%016lx rcx=%016lx rdx=%016lx", f->rax, f->rbx, f->rcx, f->rdx);
    log_panic("  rsi=%016lx rdi=%016lx rbp=%016lx rsp=%016lx", f->rsi, f->rdi, f->rbp, f->rsp);
    log_panic("  r8 =%016lx r9 =%016lx r10=%016lx r11=%016lx", f->r8, f->r9, f->r10, f->r11);
    log_panic("  r12=%016lx r13=%016lx r14=%016lx r15=%016lx", f->r12, f->r13, f->r14, f->r15);
    log_panic("  rip=%016lx cs=%lx ss=%lx rflags=%lx", f->rip, f->cs, f->ss, f->rflags);
}

static bool readable(u64 address) {
    return (address & 7) == 0 && address >= UPPER_HALF && is_mapped(address) && is_mapped(address + 15);
}

void backtrace_print(u64 rip, u64 rbp) {
    for (int depth = 0; depth < DEEPEST; depth++) {
        char where[SYMBOL_TEXT];
        log_panic("  #%d %016lx %s", depth, rip, symbol_text(rip, where));
        if (!readable(rbp)) return;
        const u64 *frame = (const u64 *)rbp;
        if (frame[1] == 0) return;
        rip = frame[1];
        if (frame[0] <= rbp) return; /* a stack grows downward: callers lie above */
        rbp = frame[0];
    }
}
