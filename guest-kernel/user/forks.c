/*
 * Forks children that compute, and reports what they did: "N": N children at once; each runs where the scheduler puts it.
 * Status: the number of different CPUs that children ran on, or -1 where one did not come back as it should.
 */
#include "libc.h"

#define WORK 200000

static u64 private_word = 1; /* parent and children each have their own */

static i64 child(u64 number) {
    private_word += number;
    u64 sum = 0;
    for (volatile u64 i = 0; i < WORK; i++) sum += i;
    if (private_word != 1 + number || sum == 0) exit(-1);
    return cpu();
}

i64 main(const char *argument) {
    u64 count = number(argument);
    if (count == 0) count = 8;
    for (u64 i = 0; i < count; i++) {
        i64 pid = fork();
        if (pid == 0) return child(i);
        if (pid < 0) return -2;
    }
    u64 seen = 0, ended = 0;
    i64 status;
    for (; wait(&status) > 0; ended++) {
        if (status < 0) return -1;
        seen |= 1UL << (status & 63);
    }
    if (ended != count || private_word != 1) return -3;
    i64 different = 0;
    for (; seen != 0; seen &= seen - 1) different++;
    return different;
}
