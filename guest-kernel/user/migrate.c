/* Visits every CPU in turn and checks that it is there and still itself; the argument says how often. Status: visits made. */
#include "libc.h"

static volatile u64 kept = 0x5EED;

i64 main(const char *argument) {
    u64 rounds = number(argument), visits = 0;
    i64 pid = getpid(), count = cpu_count();
    for (u64 round = 0; round < rounds; round++) {
        for (i64 target = 0; target < count; target++) {
            volatile u64 on_stack = (u64)target * 7;
            if (bind_to(target) != 0 || cpu() != target || getpid() != pid) return -1;
            kept += on_stack;
            if (on_stack != (u64)target * 7) return -2;
            visits++;
        }
    }
    return (i64)visits;
}
