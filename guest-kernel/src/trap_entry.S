/*
 * One stub per vector, and the common way in and out.
 * SDM Vol. 3A, "64-Bit Mode Stack Frame": the processor aligns RSP to 16 and pushes SS, RSP, RFLAGS, CS, RIP and, for some
 * exceptions, an error code ("Error Code"); the others get a zero, so that every frame has the same shape.
 */
.text

.macro stub vector
trap_stub_\vector:
    .if (\vector != 8) && ((\vector < 10) || (\vector > 14)) && (\vector != 17) && (\vector != 21) && (\vector != 29) && (\vector != 30)
    pushq $0
    .endif
    pushq $\vector
    jmp trap_common
.endm

.altmacro
.set i, 0
.rept 256
    stub %i
    .set i, i + 1
.endr

trap_common:
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
    call trap_dispatch
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
    add $16, %rsp
    iretq

.section .rodata
.balign 8
.macro stub_address vector
    .quad trap_stub_\vector
.endm
.globl trap_stubs
trap_stubs:
.set i, 0
.rept 256
    stub_address %i
    .set i, i + 1
.endr

.section .note.GNU-stack, "", @progbits
