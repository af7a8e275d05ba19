/* What a user program has: the system calls, texts, and a line of output at a time. */
#ifndef LIBC_H
#define LIBC_H

#include "../src/syscall_numbers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

#define PAGE 4096UL

i64 system_call(u64 number, u64 a, u64 b, u64 c);
i64 system_call_int(u64 number, u64 a, u64 b, u64 c);

static inline i64 fork(void) { return system_call(SYS_FORK, 0, 0, 0); }
static inline i64 getpid(void) { return system_call(SYS_GETPID, 0, 0, 0); }
/* The id of a child that ended; 0 where there is none. */
static inline i64 wait(i64 *status) { return system_call(SYS_WAIT, (u64)status, 0, 0); }
/* Returns only where it fails. */
static inline i64 exec(const char *program, const char *argument) { return system_call(SYS_EXEC, (u64)program, (u64)argument, 0); }
static inline void yield(void) { system_call(SYS_YIELD, 0, 0, 0); }
static inline void sleep_ms(u64 milliseconds) { system_call(SYS_SLEEP, milliseconds, 0, 0); }
static inline i64 kill(i64 pid) { return system_call(SYS_KILL, (u64)pid, 0, 0); }
/* The CPU that runs the caller, by its index. */
static inline i64 cpu(void) { return system_call(SYS_CPU, 0, 0, 0); }
/* CPUs that run. */
static inline i64 cpu_count(void) { return system_call(SYS_CPU, 1, 0, 0); }
/* Zeroed memory; at the place given, over what is there, or anywhere where it is NULL. NULL when it fails. */
static inline void *mmap(void *at, u64 length, u64 rights) { return (void *)system_call(SYS_MMAP, (u64)at, length, rights); }
static inline i64 munmap(void *at, u64 length) { return system_call(SYS_MUNMAP, (u64)at, length, 0); }
static inline i64 mprotect(void *at, u64 length, u64 rights) { return system_call(SYS_PROTECT, (u64)at, length, rights); }
/* Moves the caller to a CPU and binds it to it; -1 lets it run anywhere. */
static inline i64 bind_to(i64 cpu) { return system_call(SYS_BIND, (u64)cpu, 0, 0); }
__attribute__((noreturn)) void exit(i64 status);

/* A thread in this address space; wait() tells its end like a child's. */
i64 thread(i64 (*function)(void *), void *argument);

static inline u64 rdtsc(void) {
    u32 low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return (u64)high << 32 | low;
}
static inline void pause(void) { asm volatile("pause" : : : "memory"); }

size_t strlen(const char *text);
bool equal(const char *a, const char *b);
u64 number(const char *text);
void *memset(void *to, int value, size_t count);
void *memcpy(void *to, const void *from, size_t count);
/* One line, whole whoever else prints: "%s" text, "%d" signed, "%x" hexadecimal, all 64-bit. */
void say(const char *format, ...);

#endif
