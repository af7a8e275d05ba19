/* The programs that the kernel brings along. */
.macro program name
    .section .rodata.programs, "a"
    .balign 16
file_\name: .incbin "\name\().elf"
end_\name:
    .section .rodata.program_names, "a"
name_\name: .asciz "\name"
    .section .rodata.program_table, "a"
    .balign 8
    .quad name_\name, file_\name, end_\name
.endm

.section .rodata.program_table, "a"
.balign 8
.globl built_in_programs
built_in_programs:
#include "user_programs.inc"
.section .rodata.program_table, "a"
    .quad 0, 0, 0

.section .note.GNU-stack, "", @progbits
