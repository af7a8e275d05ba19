/* ACPI tables. ACPI 6.5, "Root System Description Pointer (RSDP)", "Extended System Description Table (XSDT)". */
#include "acpi.h"

#include "boot.h"
#include "log.h"
#include "paging.h"
#include "string.h"

#define RSDP_SIZE 36
#define RSDP_REVISION 15
#define RSDP_RSDT 16
#define RSDP_XSDT 24

static u8 sum(const u8 *at, u32 length) {
    u8 total = 0;
    while (length-- > 0) total = (u8)(total + *at++);
    return total;
}

const u8 *acpi_map(u64 phys) {
    const u8 *table = map_physical(phys, ACPI_HEADER_SIZE);
    u32 length = acpi_length(table);
    if (length < ACPI_HEADER_SIZE || length > 0x100000) {
        log_error("ACPI table at %lx has the impossible length %u", phys, length);
        return NULL;
    }
    map_physical(phys, length);
    if (sum(table, length) == 0) return table;
    log_error("ACPI table at %lx has a wrong checksum", phys);
    return NULL;
}

/* The RSDP pointer is an HHDM address in base revisions 0 to 2 and from 4 on, a physical one in 3: take what it looks like. */
static const u8 *rsdp(void) {
    if (rsdp_request.response == NULL) return NULL;
    u64 address = rsdp_request.response->value[0];
    u64 offset = hhdm_request.response->offset;
    return map_physical(address >= offset ? address - offset : address, RSDP_SIZE);
}

const u8 *acpi_find(const char *signature) {
    const u8 *pointer = rsdp();
    if (pointer == NULL) return NULL;
    bool extended = pointer[RSDP_REVISION] >= 2 && acpi_u64(pointer + RSDP_XSDT) != 0;
    const u8 *root = acpi_map(extended ? acpi_u64(pointer + RSDP_XSDT) : acpi_u32(pointer + RSDP_RSDT));
    if (root == NULL) return NULL;
    u32 size = extended ? 8 : 4;
    for (u32 at = ACPI_HEADER_SIZE; at + size <= acpi_length(root); at += size) {
        u64 phys = extended ? acpi_u64(root + at) : acpi_u32(root + at);
        if (memcmp(map_physical(phys, ACPI_HEADER_SIZE), signature, 4) == 0) return acpi_map(phys);
    }
    return NULL;
}
