#include "kernel.h"

#include "boot.h"
#include "cpu.h"
#include "panic.h"
#include "serial.h"
#include "trap.h"
#include "x86.h"

void kernel_init(void) {
    wrmsr(MSR_GS_BASE, (u64)&cpus[0]); /* locks ask who is there */
    serial_init();
    if (hhdm_request.response == NULL) panic("the boot loader did not answer the HHDM request");
    if (memmap_request.response == NULL) panic("the boot loader did not answer the memory map request");
    trap_init();
    cpu_init(&cpus[0]);
}
