/*
 * Ring 3 and back. SDM Vol. 2, "SYSCALL", "SYSRET", "IRET"; each user_* fragment below is copied to a user page.
 * Selectors as in cpu.h.
 */
#define USER_DATA 0x23
#define USER_CODE 0x2B

.text

/* void user_enter(rip, rsp, rflags, argument): to ring 3 by IRETQ; comes back through user_return, registers saved as C wants. */
.globl user_enter
user_enter:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, user_kernel_stack(%rip)
    mov %rcx, %r8
    pushq $USER_DATA
    push %rsi
    push %rdx
    pushq $USER_CODE
    push %rdi
    mov %r8, %rdi
    mov $0x1111, %rax
    swapgs
    iretq

/* Jumped to, in ring 0 with any stack. */
.globl user_return
user_return:
    mov user_kernel_stack(%rip), %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret

/* The stack is still the user's, which only a test may use. SYSCALL arrives here: RCX = RIP behind it, R11 = RFLAGS. RAX = 0 asks for SYSRET, anything else for the way home. */
.globl user_syscall_entry
user_syscall_entry:
    swapgs
    mov %rcx, user_seen+0(%rip)
    mov %r11, user_seen+8(%rip)
    mov %rsp, user_seen+16(%rip)
    mov %cs, user_seen+24(%rip)
    mov %ss, user_seen+32(%rip)
    test %rax, %rax
    jnz 1f
    swapgs
    sysretq
1:  push %rax
    pushfq
    pop user_seen+40(%rip)
    pop %rax
    mov %r12, user_seen+48(%rip)
    mov %r13, user_seen+56(%rip)
    jmp user_return

.section .rodata
.globl user_code, user_code_end
.globl user_at_syscall, user_at_int, user_at_spin, user_at_cli, user_at_out, user_at_peek, user_at_bad_int, user_at_hlt
user_code:
/* SYSCALL, SYSRET, note CS and SS, then home by SYSCALL. */
user_at_syscall:
    xor %eax, %eax
    syscall
    mov %cs, %r12d
    mov %ss, %r13d
    mov $1, %eax
    syscall
    ud2
/* INT 0x80 */
user_at_int:
    mov $0x5555, %eax
    int $0x80
    ud2
/* Waits for an interrupt to change the word at RDI. */
user_at_spin:
    pause
    cmpl $0, (%rdi)
    je user_at_spin
    mov $1, %eax
    syscall
    ud2
user_at_cli:
    cli
    ud2
user_at_out:
    out %al, $0x80
    ud2
user_at_peek:
    mov (%rdi), %eax
    ud2
user_at_bad_int:
    int $0x41
    ud2
user_at_hlt:
    hlt
    ud2
user_code_end:

.bss
.balign 8
user_kernel_stack: .skip 8
.globl user_seen
user_seen: .skip 64

.section .note.GNU-stack, "", @progbits
