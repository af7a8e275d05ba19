/* The smallest program: who and where am I. */
#include "libc.h"

i64 main(const char *argument) {
    say("Hello from process %d on CPU %d%s%s", getpid(), cpu(), argument[0] != 0 ? ": " : "", argument);
    return 0;
}
