/*
 * The system calls: the number in RAX, arguments in RDI, RSI and RDX, the answer in RAX; negative where it fails. SYSCALL and
 * INT 80h are the same. User programs include this file as well.
 */
#ifndef SYSCALL_NUMBERS_H
#define SYSCALL_NUMBERS_H

enum syscall_number {
    SYS_WRITE = 0, /* (1, text, length) */
    SYS_EXIT,      /* (status) */
    SYS_FORK,      /* () -> 0 in the child, its id in the parent */
    SYS_WAIT,      /* (&status) -> id of a child that ended; 0: no children */
    SYS_EXEC,      /* (program, argument) -> only where it fails */
    SYS_YIELD,     /* () */
    SYS_GETPID,    /* () */
    SYS_SLEEP,     /* (milliseconds) */
    SYS_KILL,      /* (id) */
    SYS_MMAP,      /* (address or 0, length, rights) -> address; 0: no room */
    SYS_CPU,       /* (0) -> index of the CPU; (1) -> number of CPUs; (2) -> longest minus shortest run queue; (3) -> the kernel's AC flag */
    SYS_MUNMAP,    /* (address, length) */
    SYS_PROTECT,   /* (address, length, rights) */
    SYS_THREAD,    /* (&{RIP, RDI, RSI}, stack) -> its id */
    SYS_BIND,      /* (CPU or -1) */
    SYSCALL_COUNT,
};

#define MAP_READ 1
#define MAP_WRITE 2
#define MAP_EXECUTE 4

#endif
