/* Forks many children that compute, sleeps for 300 ms, and returns how far the run queues are apart; the children are killed. */
#include "libc.h"

#define MOST 64

i64 main(const char *argument) {
    u64 count = number(argument);
    i64 children[MOST];
    bind_to(0);
    bind_to(-1); /* from here on children may go anywhere */
    for (u64 i = 0; i < count && i < MOST; i++) {
        children[i] = fork();
        if (children[i] == 0) for (;;) pause();
        if (children[i] < 0) return -1;
    }
    u64 begin = rdtsc();
    sleep_ms(300);
    i64 imbalance = system_call(SYS_CPU, 2, 0, 0);
    for (u64 i = 0; i < count && i < MOST; i++) kill(children[i]);
    while (wait(NULL) > 0) {}
    return rdtsc() > begin ? imbalance : -2;
}
