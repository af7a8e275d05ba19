/* Measures in TSC cycles: "syscall" and "int80": one getpid; "fork": fork, end of the child, wait; "fault": one demand-zero page. */
#include "libc.h"

#define CALLS 2000
#define FORKS 30
#define FAULTS 64

static i64 measure_calls(i64 (*call)(u64, u64, u64, u64)) {
    for (u64 i = 0; i < 50; i++) call(SYS_GETPID, 0, 0, 0);
    u64 begin = rdtsc();
    for (u64 i = 0; i < CALLS; i++) call(SYS_GETPID, 0, 0, 0);
    return (i64)((rdtsc() - begin) / CALLS);
}

static i64 measure_fork(void) {
    u64 begin = rdtsc();
    for (u64 i = 0; i < FORKS; i++) {
        i64 pid = fork();
        if (pid == 0) exit(0);
        if (pid < 0 || wait(NULL) != pid) return -1;
    }
    return (i64)((rdtsc() - begin) / FORKS);
}

static i64 measure_fault(void) {
    volatile u8 *block = mmap(NULL, FAULTS * PAGE, MAP_READ | MAP_WRITE);
    u64 begin = rdtsc();
    for (u64 i = 0; i < FAULTS; i++) block[i * PAGE] = 1;
    return (i64)((rdtsc() - begin) / FAULTS);
}

i64 main(const char *argument) {
    if (equal(argument, "syscall")) return measure_calls(system_call);
    if (equal(argument, "int80")) return measure_calls(system_call_int);
    if (equal(argument, "fault")) return measure_fault();
    return measure_fork();
}
