/*
 * SYSCALL. SDM Vol. 2, "SYSCALL", "SYSRET", "SWAPGS"; Vol. 3A, "Fast System Calls in 64-Bit Mode".
 *
 * The processor leaves RSP and GS base as ring 3 had them, RIP in RCX and RFLAGS in R11; IA32_FMASK has cleared IF, so no
 * interrupt comes before the stack is ours. An NMI may: it has its own stack and asks the MSR for the GS base (trap_entry.S).
 * The frame is that of an interrupt from ring 3, so fork, exec and the scheduler know one kind only.
 */
#include "general_registers.h"

#define CPU_KERNEL_STACK 8 /* as percpu.h */
#define CPU_USER_STACK 16
#define USER_DATA 0x23 /* as cpu.h, with RPL 3 */
#define USER_CODE 0x2B
#define VECTOR_SYSCALL 0x80
#define FRAME_RSP 40 /* from RSP when the general registers are popped */

.text
.globl syscall_entry
syscall_entry:
    swapgs
    mov %rsp, %gs:CPU_USER_STACK
    mov %gs:CPU_KERNEL_STACK, %rsp
    pushq $USER_DATA
    pushq %gs:CPU_USER_STACK
    push %r11
    pushq $USER_CODE
    push %rcx
    pushq $0
    pushq $VECTOR_SYSCALL
    push_general
    mov %rsp, %rdi
    cld
    call syscall_from_user
    test %al, %al
    jz trap_return
    pop_general
    mov FRAME_RSP(%rsp), %rsp
    swapgs
    sysretq

.section .note.GNU-stack, "", @progbits
