/* What the boot loader told us. */
#ifndef BOOT_H
#define BOOT_H

#include "limine.h"

#ifndef BASE_REVISION
#define BASE_REVISION 6 /* newest known; loaders that know less answer with less */
#endif

extern volatile u64 limine_base_revision[3];
LIMINE_REQUEST_DECLARATION(hhdm_request, struct limine_hhdm);
LIMINE_REQUEST_DECLARATION(memmap_request, struct limine_memmap);
LIMINE_REQUEST_DECLARATION(rsdp_request, struct limine_numbers);
LIMINE_REQUEST_DECLARATION(cmdline_request, struct limine_cmdline);
LIMINE_REQUEST_DECLARATION(executable_file_request, struct limine_executable_file);
LIMINE_REQUEST_DECLARATION(tsc_frequency_request, struct limine_numbers);
LIMINE_REQUEST_DECLARATION(bootloader_info_request, struct limine_bootloader_info);
LIMINE_REQUEST_DECLARATION(mp_request, struct limine_mp);

#define BASE_REVISION_UNKNOWN 255
/* The base revision in force, or BASE_REVISION_UNKNOWN where an old loader did not say. */
u32 boot_base_revision(void);

/* HHDM alias of a physical address; only for memory the loader mapped. */
void *phys_to_hhdm(u64 phys);

#endif
