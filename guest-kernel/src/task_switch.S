/*
 * From one task's stack to another's. The System V ABI leaves RBX, RBP and R12 to R15 to the caller of a function; the rest
 * is lost over any call, so only these are saved. RFLAGS: interrupts are off on both sides.
 */
.text

/* void task_switch(u64 *save_stack_pointer, u64 stack_pointer) */
.globl task_switch
task_switch:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret

/* Where the first switch to a task returns to; the end of its backtrace. */
.globl task_begin
task_begin:
    xor %ebp, %ebp
    call task_first
    ud2

/* Forgets the stack it stands on: void task_stand_on(u64 stack_top, void (*function)(void)), which does not return. */
.globl task_stand_on
task_stand_on:
    mov %rdi, %rsp
    xor %ebp, %ebp
    call *%rsi
    ud2

/* Leaves the kernel by a trap frame: void task_leave_by(struct trap_frame *frame) */
.globl task_leave_by
task_leave_by:
    mov %rdi, %rsp
    jmp trap_return

.section .note.GNU-stack, "", @progbits
