/* Requests that newer loaders answer, and those that a PC with BIOS leaves alone; one line, "more name=... " */
#include "boot.h"
#include "dump.h"
#include "log.h"

#define ASKED_STACK_SIZE 0x20000
#define ASKED_ENTROPY 4

#define PLAIN_REQUESTS(each)                                                                       \
    each(firmware_type, LIMINE_FIRMWARE_TYPE_ID)                                                   \
    each(stack_size, LIMINE_STACK_SIZE_ID, .extra = {ASKED_STACK_SIZE})                            \
    each(performance, LIMINE_PERFORMANCE_ID)                                                       \
    each(keep_iommu, LIMINE_KEEP_IOMMU_ID)                                                         \
    each(entropy, LIMINE_ENTROPY_ID, .extra = {ASKED_ENTROPY})                                     \
    each(efi_system_table, LIMINE_EFI_SYSTEM_TABLE_ID)                                             \
    each(efi_memmap, LIMINE_EFI_MEMMAP_ID)                                                         \
    each(dtb, LIMINE_DTB_ID)                                                                       \
    each(tpm_event_log, LIMINE_TPM_EVENT_LOG_ID)                                                   \
    each(flanterm_params, LIMINE_FLANTERM_PARAMS_ID)

#define DECLARE(name, ...) LIMINE_REQUEST_DECLARATION(name##_request, struct limine_numbers);
#define DEFINE(name, ...) LIMINE_REQUEST(name##_request, __VA_ARGS__);
PLAIN_REQUESTS(DECLARE)
PLAIN_REQUESTS(DEFINE)

static void dump_numbers(const char *name, const struct limine_numbers *response, u32 count) {
    if (response == NULL) {
        print("%s=none ", name);
        return;
    }
    print("%s.rev=0x%lx ", name, response->revision);
    for (u32 i = 0; i < count; i++) print("%s.%u=0x%lx ", name, i, response->value[i]);
}

void dump_later_responses(void) {
    print("more ");
    dump_numbers("firmware", firmware_type_request.response, 1);
    dump_numbers("stack", stack_size_request.response, 0);
    if (cmdline_request.response == NULL) print("cmdline=none ");
    else print("cmdline.rev=0x%lx ", cmdline_request.response->revision);
    dump_numbers("performance", performance_request.response, 3);
    dump_numbers("keepiommu", keep_iommu_request.response, 0);
    dump_numbers("tsc", tsc_frequency_request.response, 1);
    dump_numbers("entropy", entropy_request.response, 1);
    dump_numbers("efist", efi_system_table_request.response, 1);
    dump_numbers("efimap", efi_memmap_request.response, 0);
    dump_numbers("dtb", dtb_request.response, 0);
    dump_numbers("tpm", tpm_event_log_request.response, 0);
    dump_numbers("flanterm", flanterm_params_request.response, 1);
    print("\n");
}
