/*
 * Where an application processor begins: real mode, CS = vector << 8, IP = 0. SDM Vol. 3A, "Initializing MP Systems",
 * "Switching to Protected Mode", "Initializing IA-32e Mode". Copied to a page below 1 MiB; all addresses are relative to that
 * page, and the absolute ones are filled in by the BSP.
 */
#include "twin.h"

#define CR0_PE 0x1
#define CR0_LONG_MODE 0x80010001 /* PG, WP, PE */
#define CR4_PAE 0x20
#define MSR_EFER 0xC0000080
#define EFER_LME_NXE 0x900

#define CODE32 0x08
#define DATA32 0x10
#define CODE64 0x18

#define COM1_SCRATCH 0x3FF
#define LAPIC_SVR 0xF0
#define MSR_APIC_BASE 0x1B
#define APIC_BASE_X2APIC (1 << 10)
#define SVR_ENABLED 0x1FF

#define AT(label) (label - trampoline_start)

.section .rodata
.balign 16
.globl trampoline_start, trampoline_end, trampoline_parameters
.code16
trampoline_start:
    cli
    cld
    mov %cs, %ax
    mov %ax, %ds
    lgdtl AT(gdtr)
    mov %cr0, %eax
    or $CR0_PE, %eax
    mov %eax, %cr0
    ljmpl *AT(far_pointer32)

.code32
/* The BSP patches the base into this instruction's immediate, since nothing else tells a 32-bit segment where it lies. */
entry32:
    .byte 0xBB /* mov $base, %ebx */
base_immediate:
    .long 0
    mov $DATA32, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    mov %cr4, %eax
    or $CR4_PAE, %eax
    or AT(cr4_bits)(%ebx), %eax
    mov %eax, %cr4
    mov AT(page_base)(%ebx), %eax
    mov %eax, %cr3
    mov $MSR_EFER, %ecx
    rdmsr
    or $EFER_LME_NXE, %eax
    wrmsr
    mov $CR0_LONG_MODE, %eax
    mov %eax, %cr0
    ljmpl *AT(far_pointer64)(%ebx)

.code64
entry64:
    mov $DATA32, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    xor %eax, %eax
    mov %ax, %fs
    mov %ax, %gs
    mov %ebx, %ebx
    mov AT(stack)(%rbx), %rsp
    mov AT(argument)(%rbx), %rdi
    xor %ebp, %ebp
    mov AT(target)(%rbx), %rax
    mov AT(kernel_cr3)(%rbx), %rcx
    mov AT(lapic)(%rbx), %rdx
    mov $trampoline_leave, %rsi
    jmp *%rsi

.balign 8
gdt:
    .quad 0
    .quad 0x00CF9B000000FFFF
    .quad 0x00CF93000000FFFF
    .quad 0x00AF9B000000FFFF
gdt_end:

/* struct trampoline_parameters in trampoline.h */
.balign 8
trampoline_parameters:
stack: .quad 0
target: .quad 0
argument: .quad 0
kernel_cr3: .quad 0
lapic: .quad 0
page_base: .long 0
cr4_bits: .long 0
gdtr:
    .word gdt_end - gdt - 1
    .long AT(gdt)
    .word 0
far_pointer32:
    .long AT(entry32)
    .word CODE32, 0
far_pointer64:
    .long AT(entry64)
    .word CODE64, 0
immediate_offset:
    .long AT(base_immediate)
    .long 0
trampoline_end:

/*
 * In the kernel's own text, from where the low page may vanish. RAX target, RDI argument, RCX CR3, RDX local APIC. The mark in
 * the UART's scratch register tells a person with a debugger that the AP came so far; it must not cost the registers that the
 * code around it holds something in. The local APIC is enabled here already, so that errors it finds from now on are kept; but
 * INIT keeps a processor in x2APIC mode, where nobody owns the address of the registers and a store there is an interrupt message.
 */
.text
trampoline_leave:
    mov %rcx, %cr3
#if TWIN != TWIN_LAPIC_ADDRESS
    push %rdx
    push %rax
#else
    push %rax
#endif
    mov $COM1_SCRATCH, %edx
    mov $'L', %al
    out %al, %dx
    pop %rax
#if TWIN != TWIN_LAPIC_ADDRESS
    pop %rdx
#endif
    push %rdx
    push %rax
    mov $MSR_APIC_BASE, %ecx
    rdmsr
    mov %eax, %ecx
    pop %rax
    pop %rdx
    test $APIC_BASE_X2APIC, %ecx
    jnz 1f
    movl $SVR_ENABLED, LAPIC_SVR(%rdx)
1:  call *%rax
2:  cli
    hlt
    jmp 2b

.section .note.GNU-stack, "", @progbits
