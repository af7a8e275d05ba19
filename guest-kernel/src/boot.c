/* Requests that every program here makes. Limine PROTOCOL.md, "Requests Delimiters", "Base Revisions". */
#include "boot.h"

__attribute__((used, section(".limine_requests_start"))) volatile u64 limine_start_marker[4] = {
    0xf6b8f4b39de7d1ae, 0xfab91a6940fcb9cf, 0x785c6ed015d3e316, 0x181e920a7852b9d9};
__attribute__((used, section(".limine_requests_end"))) volatile u64 limine_end_marker[2] = {
    0xadc0e0531bb10d03, 0x9572709f31764c62};
__attribute__((used, section(".limine_requests"))) volatile u64 limine_base_revision[3] = {
    LIMINE_BASE_REVISION_MAGIC_0, LIMINE_BASE_REVISION_MAGIC_1, BASE_REVISION};

LIMINE_REQUEST(hhdm_request, LIMINE_HHDM_ID);
LIMINE_REQUEST(memmap_request, LIMINE_MEMMAP_ID);
LIMINE_REQUEST(rsdp_request, LIMINE_RSDP_ID);
LIMINE_REQUEST(cmdline_request, LIMINE_CMDLINE_ID);
LIMINE_REQUEST(executable_file_request, LIMINE_EXECUTABLE_FILE_ID);
LIMINE_REQUEST(tsc_frequency_request, LIMINE_TSC_FREQUENCY_ID);
LIMINE_REQUEST(bootloader_info_request, LIMINE_BOOTLOADER_INFO_ID);

u32 boot_base_revision(void) {
    if (limine_base_revision[1] != LIMINE_BASE_REVISION_MAGIC_1) return (u32)limine_base_revision[1];
    if (limine_base_revision[2] == 0) return BASE_REVISION; /* granted by a loader older than the answer in word 1 */
    return BASE_REVISION_UNKNOWN;
}

void *phys_to_hhdm(u64 phys) { return (void *)(hhdm_request.response->offset + phys); }
