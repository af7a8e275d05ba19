/* Computes until it is killed, or for as many milliseconds as the argument says. */
#include "libc.h"

i64 main(const char *argument) {
    u64 end = number(argument);
    i64 watch = end == 0 ? 0 : fork();
    if (watch > 0) {
        sleep_ms(end);
        return kill(watch) == 0 && wait(NULL) == watch ? 0 : 1;
    }
    for (;;) pause();
}
