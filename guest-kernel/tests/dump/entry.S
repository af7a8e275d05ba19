/*
 * Entry points that record every register before anything is changed. Limine PROTOCOL.md, "Machine State at Entry".
 * Only PUSHFQ and POP touch memory other than the record: they use the loader's stack, below the return address.
 */
.macro record at
    mov %rax, \at+0(%rip)
    mov %rbx, \at+8(%rip)
    mov %rcx, \at+16(%rip)
    mov %rdx, \at+24(%rip)
    mov %rsi, \at+32(%rip)
    mov %rdi, \at+40(%rip)
    mov %rbp, \at+48(%rip)
    mov %rsp, \at+56(%rip)
    mov %r8, \at+64(%rip)
    mov %r9, \at+72(%rip)
    mov %r10, \at+80(%rip)
    mov %r11, \at+88(%rip)
    mov %r12, \at+96(%rip)
    mov %r13, \at+104(%rip)
    mov %r14, \at+112(%rip)
    mov %r15, \at+120(%rip)
    mov (%rsp), %rax
    mov %rax, \at+128(%rip)
    pushfq
    pop \at+136(%rip)
    lea \at(%rip), %rdi
.endm

.text
.globl kernel_entry, dump_ap_entry
kernel_entry:
    record bsp_record
    call dump_bsp
1:  hlt
    jmp 1b

dump_ap_entry:
    record ap_record
    call dump_ap
1:  cli
    hlt
    jmp 1b

.bss
.balign 8
bsp_record: .skip 144
ap_record: .skip 144

.section .note.GNU-stack, "", @progbits
