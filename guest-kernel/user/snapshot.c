/*
 * Copy-on-write against writers: threads count in pages of their own while the first thread forks. The child must see counters
 * that stand still, the parent none that fell back. Status 0, or what went wrong.
 */
#include "libc.h"

#define WRITERS 4
#define PAGES 3

static volatile u64 stop;
static volatile u64 counters[WRITERS][PAGES][PAGE / sizeof(u64)];
static volatile u64 lost;

static i64 writer(void *argument) {
    u64 me = (u64)argument, value = 0;
    while (__atomic_load_n(&stop, __ATOMIC_ACQUIRE) == 0) {
        value++;
        for (u64 page = 0; page < PAGES; page++) {
            if (counters[me][page][7] != value - 1) __atomic_store_n(&lost, 1, __ATOMIC_RELEASE);
            counters[me][page][7] = value;
        }
    }
    return 0;
}

static i64 watch(void) {
    u64 before[WRITERS][PAGES];
    for (u64 w = 0; w < WRITERS; w++) {
        for (u64 p = 0; p < PAGES; p++) before[w][p] = counters[w][p][7];
    }
    yield();
    for (volatile u64 i = 0; i < 3000; i++) {}
    for (u64 w = 0; w < WRITERS; w++) {
        for (u64 p = 0; p < PAGES; p++) {
            if (counters[w][p][7] != before[w][p]) return 2;
        }
    }
    return 0;
}

i64 main(const char *argument) {
    u64 rounds = number(argument), writers = (u64)cpu_count() < WRITERS ? (u64)cpu_count() : WRITERS;
    i64 status, result = 0;
    for (u64 i = 0; i < writers; i++) thread(writer, (void *)i);
    for (u64 round = 0; round < rounds && result == 0; round++) {
        i64 pid = fork();
        if (pid == 0) exit(watch());
        if (pid < 0 || wait(&status) != pid) result = 3;
        else result = status;
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    while (wait(NULL) > 0) {}
    return result != 0 ? result : (i64)lost;
}
