/* ACPI tables. ACPI 6.5, "ACPI System Description Tables". */
#ifndef ACPI_H
#define ACPI_H

#include "types.h"

#define ACPI_HEADER_SIZE 36

/* Table fields are not aligned, so they are read by these. */
static inline u32 acpi_u32(const u8 *at) { return at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24; }
static inline u64 acpi_u64(const u8 *at) { return acpi_u32(at) | (u64)acpi_u32(at + 4) << 32; }
static inline u32 acpi_length(const u8 *table) { return acpi_u32(table + 4); }

/* Maps the table at a physical address; NULL where its checksum is wrong. */
const u8 *acpi_map(u64 phys);
/* The first table with this signature in the XSDT, or in the RSDT where there is no XSDT; NULL where missing. */
const u8 *acpi_find(const char *signature);

#endif
