/* Handlers that count. */
#include "irq.h"

#define ORDER_LENGTH 16

static u32 counts[MAX_CPUS];   /* each written by its own CPU */
static u8 order[ORDER_LENGTH]; /* written by CPU 0 */
static u32 order_count;

static void on_interrupt(struct trap_frame *frame) {
    u32 me = cpu_index();
    __atomic_fetch_add(&counts[me], 1, __ATOMIC_RELEASE);
    if (me == 0 && order_count < ORDER_LENGTH) order[order_count++] = (u8)frame->vector;
    if (frame->vector != VECTOR_NMI) lapic_eoi();
}

void count_vector(u8 vector) { trap_set_handler(vector, on_interrupt); }

void count_reset(void) {
    for (u32 i = 0; i < MAX_CPUS; i++) __atomic_store_n(&counts[i], 0, __ATOMIC_RELAXED);
    order_count = 0;
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

u32 count_on(u32 cpu) { return __atomic_load_n(&counts[cpu], __ATOMIC_ACQUIRE); }

u32 count_all(void) {
    u32 sum = 0;
    for (u32 i = 0; i < MAX_CPUS; i++) sum += count_on(i);
    return sum;
}

bool count_reaches(u32 number) {
    u64 deadline = deadline_us(PATIENCE_US);
    sti();
    while (count_all() < number && !deadline_passed(deadline)) pause();
    cli();
    return count_all() >= number;
}

void listen(void) {
    sti();
    wait_us(QUIET_US);
    cli();
}

u8 count_order(u32 position) { return position < order_count ? order[position] : 0; }
