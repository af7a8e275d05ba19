#include "twin.h"

#if TWIN == TWIN_LAPIC_ADDRESS || TWIN == TWIN_SHARED_STACK || TWIN == TWIN_SHORT_TRAMPOLINE
#define START "ap=sipi "
#else
#define START ""
#endif

#if TWIN == TWIN_NONE
#define TESTS ""
#elif TWIN == TWIN_TWO_COUNTERS
#define TESTS "tests=distribution"
#elif TWIN == TWIN_ABBA
#define TESTS "tests=lock_pair"
#elif TWIN == TWIN_LOCK_IN_HANDLER
#define TESTS "tests=lock_handler"
#elif TWIN == TWIN_NO_EOI
#define TESTS "tests=timer_periodic"
#elif TWIN == TWIN_NO_SHOOTDOWN
#define TESTS "tests=shootdown"
#elif TWIN == TWIN_LOST_WAKEUP
#define TESTS "tests=wakeup"
#elif TWIN == TWIN_UNLOCKED_COUNTER
#define TESTS "tests=lock_stress"
#else
#define TESTS "tests=percpu,ipi_call_storm"
#endif

const char twin_options[] = START TESTS;
