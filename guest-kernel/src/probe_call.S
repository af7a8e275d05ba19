/* bool probe_call(function, argument, probe): false after a normal return, true when probe_catch sent us to the label. */
.text
.globl probe_call
probe_call:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    mov %rsp, 0(%rdx)
    lea caught(%rip), %rax
    mov %rax, 8(%rdx)
    mov %rdi, %rax
    mov %rsi, %rdi
    call *%rax
    xor %eax, %eax
    jmp leave
caught:
    mov $1, %eax
leave:
    cld
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret

.section .note.GNU-stack, "", @progbits
