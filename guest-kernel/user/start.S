/* Where a program begins: RDI holds the argument text, RSP is 16-byte aligned. ends with what main returns. */
.text
.globl _start
_start:
    xor %ebp, %ebp
    call main
    mov %rax, %rdi
    mov $1, %eax /* SYS_EXIT */
    syscall
    ud2

/* i64 system_call(number, a, b, c): SDM Vol. 2, "SYSCALL": RCX and R11 are lost. */
.globl system_call
system_call:
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    syscall
    ret

/* The same by INT 80h. */
.globl system_call_int
system_call_int:
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    int $0x80
    ret

/* First code of a thread: RDI holds its argument, RSI its function. */
.globl thread_start
thread_start:
    xor %ebp, %ebp
    call *%rsi
    mov %rax, %rdi
    mov $1, %eax
    syscall
    ud2

.section .note.GNU-stack, "", @progbits
