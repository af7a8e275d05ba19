/*
 * One stub per vector, and the common ways in and out.
 * SDM Vol. 3A, "64-Bit Mode Stack Frame": the processor aligns RSP to 16 and pushes SS, RSP, RFLAGS, CS, RIP and, for some
 * exceptions, an error code ("Error Code"); the others get a zero, so that every frame has the same shape.
 *
 * GS base belongs to the kernel while ring 0 runs: who comes from ring 3 (RPL of the saved CS) swaps (SDM Vol. 2, "SWAPGS"), and
 * so does who leaves for ring 3. NMI, #DF and #MC can strike between such a SWAPGS and the change of ring, where CS tells
 * nothing; they ask the MSR instead: the kernel's base lies in the upper half of the address space, a user's never does.
 */
#include "general_registers.h"

#define MSR_GS_BASE 0xC0000101
#define FRAME_CS_BELOW_GENERAL 24 /* from RSP when RIP, error code and vector lie on top */
#define FRAME_RFLAGS_BELOW_GENERAL 32
#define RFLAGS_AC_BIT 18

.text

.macro stub vector
trap_stub_\vector:
    .if (\vector != 8) && ((\vector < 10) || (\vector > 14)) && (\vector != 17) && (\vector != 21) && (\vector != 29) && (\vector != 30)
    pushq $0
    .endif
    pushq $\vector
    .if (\vector == 2) || (\vector == 8) || (\vector == 18)
    jmp trap_any_gs
    .else
    jmp trap_common
    .endif
.endm

.altmacro
.set .Lvector, 0
.rept 256
    stub %.Lvector
    .set .Lvector, .Lvector + 1
.endr

trap_common:
    testb $3, FRAME_CS_BELOW_GENERAL(%rsp)
    jz save_registers
    swapgs
    btl $RFLAGS_AC_BIT, FRAME_RFLAGS_BELOW_GENERAL(%rsp)
    jc clear_ac
save_registers:
    push_general
    mov %rsp, %rdi
    cld
    call trap_dispatch
/* Leaves by the trap frame that RSP points to. A new task's first frame is built by hand and comes here as well. */
.globl trap_return
trap_return:
    cli
    pop_general
    testb $3, FRAME_CS_BELOW_GENERAL(%rsp)
    jz 1f
    swapgs
1:  add $16, %rsp
    iretq

/* Ring 3 may set AC, and nothing clears it on the way in: our accesses to its pages would be let through (protect.c). */
clear_ac:
    pushfq
    btrq $RFLAGS_AC_BIT, (%rsp)
    popfq
    jmp save_registers

trap_any_gs:
    push_general
    pushfq
    btrq $RFLAGS_AC_BIT, (%rsp)
    popfq
    xor %ebx, %ebx
    mov $MSR_GS_BASE, %ecx
    rdmsr
    test %edx, %edx
    js 1f
    swapgs
    inc %ebx
1:  mov %rsp, %rdi
    cld
    call trap_dispatch
    test %ebx, %ebx
    jz 2f
    swapgs
2:  pop_general
    add $16, %rsp
    iretq

.section .rodata
.balign 8
.macro stub_address vector
    .quad trap_stub_\vector
.endm
.globl trap_stubs
trap_stubs:
.set .Lvector, 0
.rept 256
    stub_address %.Lvector
    .set .Lvector, .Lvector + 1
.endr

.section .note.GNU-stack, "", @progbits
