/*
 * SYSCALL. SDM Vol. 2, "SYSCALL", "SYSRET", "SWAPGS"; Vol. 3A, "Fast System Calls in 64-Bit Mode".
 *
 * The processor leaves RSP and GS base as ring 3 had them, RIP in RCX and RFLAGS in R11; IA32_FMASK has cleared IF, so no
 * interrupt comes before the stack is ours. An NMI may: it has its own stack and asks the MSR for the GS base (trap_entry.S).
 * The frame is that of an interrupt from ring 3, so fork, exec and the scheduler know one kind only.
 */
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
    push %rax
    push %rbx
    push %rcx
    push %rdx
    push %rsi
    push %rdi
    push %rbp
    push %r8
    push %r9
    push %r10
    push %r11
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, %rdi
    cld
    call syscall_from_user
    test %al, %al
    jz trap_return
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rbp
    pop %rdi
    pop %rsi
    pop %rdx
    pop %rcx
    pop %rbx
    pop %rax
    mov FRAME_RSP(%rsp), %rsp
    swapgs
    sysretq

.section .note.GNU-stack, "", @progbits
