/*
 * The way into a case and out of it. Nothing here uses the stack of the case, and every register holds the case's value when its
 * instruction begins and is stored before it is used again behind it.
 */
#define STATE_RIP 0
#define STATE_CS 8
#define STATE_RFLAGS 16
#define STATE_RSP 24
#define STATE_SS 32
#define STATE_REGISTERS 40
#define STATE_FS_BASE 168
#define STATE_GS_BASE 176
#define STATE_SELECTORS 184
#define STATE_FS_SELECTOR 192
#define REGISTER(n) (STATE_REGISTERS + (n) * 8)

#define USER_DATA 0x2b
#define X87_SSE_AVX 7

    .text

/* void enter_case(void): executes the case in `state` and `extended`, and leaves what came of it there. */
    .globl enter_case
    .type enter_case, @function
enter_case:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, own_rsp(%rip)
    rdfsbase %rax
    mov %rax, own_fs_base(%rip)

    mov $USER_DATA, %eax
    mov %eax, %ds
    mov %eax, %es
    mov state + STATE_FS_SELECTOR(%rip), %eax
    mov %eax, %fs
    mov %eax, %gs
    mov state + STATE_FS_BASE(%rip), %rax
    wrfsbase %rax
    mov state + STATE_GS_BASE(%rip), %rax
    wrgsbase %rax

    mov $X87_SSE_AVX, %eax
    xor %edx, %edx
    xrstor64 extended(%rip)

    mov state + REGISTER(0)(%rip), %rax
    mov state + REGISTER(1)(%rip), %rcx
    mov state + REGISTER(2)(%rip), %rdx
    mov state + REGISTER(3)(%rip), %rbx
    mov state + REGISTER(5)(%rip), %rbp
    mov state + REGISTER(6)(%rip), %rsi
    mov state + REGISTER(7)(%rip), %rdi
    mov state + REGISTER(8)(%rip), %r8
    mov state + REGISTER(9)(%rip), %r9
    mov state + REGISTER(10)(%rip), %r10
    mov state + REGISTER(11)(%rip), %r11
    mov state + REGISTER(12)(%rip), %r12
    mov state + REGISTER(13)(%rip), %r13
    mov state + REGISTER(14)(%rip), %r14
    mov state + REGISTER(15)(%rip), %r15
    lea state(%rip), %rsp /* the frame: RIP, CS, RFLAGS, RSP, SS */
    iretq

/* Where a case ends, and where the signal handler sends one that faulted. */
    .globl leave_case
    .type leave_case, @function
leave_case:
    mov %rax, state + REGISTER(0)(%rip)
    mov %rcx, state + REGISTER(1)(%rip)
    mov %rdx, state + REGISTER(2)(%rip)
    mov %rbx, state + REGISTER(3)(%rip)
    mov %rsp, state + REGISTER(4)(%rip)
    mov %rbp, state + REGISTER(5)(%rip)
    mov %rsi, state + REGISTER(6)(%rip)
    mov %rdi, state + REGISTER(7)(%rip)
    mov %r8, state + REGISTER(8)(%rip)
    mov %r9, state + REGISTER(9)(%rip)
    mov %r10, state + REGISTER(10)(%rip)
    mov %r11, state + REGISTER(11)(%rip)
    mov %r12, state + REGISTER(12)(%rip)
    mov %r13, state + REGISTER(13)(%rip)
    mov %r14, state + REGISTER(14)(%rip)
    mov %r15, state + REGISTER(15)(%rip)
    mov own_rsp(%rip), %rsp
    pushfq
    popq state + STATE_RFLAGS(%rip)
    pushq $2 /* DF, AC, NT and TF off */
    popfq
    mov %es, state + STATE_SELECTORS + 0(%rip)
    mov %ss, state + STATE_SELECTORS + 4(%rip)
    mov %ds, state + STATE_SELECTORS + 6(%rip)
    mov %fs, state + STATE_SELECTORS + 8(%rip)
    mov %gs, state + STATE_SELECTORS + 10(%rip)
    rdfsbase %rax
    mov %rax, state + STATE_FS_BASE(%rip)
    rdgsbase %rax
    mov %rax, state + STATE_GS_BASE(%rip)
    mov $X87_SSE_AVX, %eax
    xor %edx, %edx
    xsave64 extended(%rip)
    mov own_fs_base(%rip), %rax
    wrfsbase %rax
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret

    .bss
    .balign 64
    .globl extended
extended: /* an XSAVE area: legacy region, header, AVX state, and room for what a signal handler may find */
    .skip 4096
    .globl state
state:
    .skip 256
own_rsp:
    .skip 8
own_fs_base:
    .skip 8

    .section .note.GNU-stack, "", @progbits
