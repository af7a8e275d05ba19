/* Dumps the BSP's entry state, all responses, the devices and one AP's entry state, then ends through isa-debug-exit. */
#include "boot.h"
#include "dump.h"
#include "log.h"
#include "power.h"
#include "serial.h"
#include "time.h"
#include "x86.h"

#define EXIT_PORT 0xF4
#define EXIT_VALUE 0x10
#define AP_TIMEOUT_US 20000000

static bool ap_done;

void dump_ap(const struct entry_record *record) {
    print("== AP\n");
    dump_cpu(record);
    __atomic_store_n(&ap_done, true, __ATOMIC_RELEASE);
}

static void run_one_ap(void) {
    struct limine_mp *mp = mp_request.response;
    if (mp == NULL) return;
    for (u64 i = 0; i < mp->cpu_count; i++) {
        if (mp->cpus[i]->lapic_id == mp->bsp_lapic_id) continue;
        __atomic_store_n(&mp->cpus[i]->goto_address, (u64)dump_ap_entry, __ATOMIC_RELEASE);
        u64 deadline = deadline_us(AP_TIMEOUT_US);
        while (!__atomic_load_n(&ap_done, __ATOMIC_ACQUIRE) && !deadline_passed(deadline)) pause();
        return;
    }
}

__attribute__((noreturn)) void dump_bsp(const struct entry_record *record) {
    /* No serial_init: the UART is dumped as the loader left it. */
    serial_assume_present();
    print("== BSP\n");
    dump_cpu(record);
    dump_responses();
    dump_devices();
    dump_page_tables();
    dump_cpuid();
    dump_later_responses();
    run_one_ap();
    print("END\n");
    outb(EXIT_PORT, EXIT_VALUE);
    halt_forever();
}
