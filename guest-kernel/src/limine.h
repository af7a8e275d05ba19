/*
 * Limine boot protocol: the identifiers and layouts this kernel uses. Limine PROTOCOL.md, "Features".
 * Every pointer handed over is a higher-half direct map address unless the base revision says otherwise.
 */
#ifndef LIMINE_H
#define LIMINE_H

#include "types.h"

#define LIMINE_MAGIC 0xc7b1dd30df4c8b88, 0x0a82e883a194f07b
#define LIMINE_BASE_REVISION_MAGIC_0 0xf9562b2d5c95a6c8
#define LIMINE_BASE_REVISION_MAGIC_1 0x6a7b384944536bdc

#define LIMINE_BOOTLOADER_INFO_ID {LIMINE_MAGIC, 0xf55038d8e2a1202f, 0x279426fcf5f59740}
#define LIMINE_CMDLINE_ID {LIMINE_MAGIC, 0x4b161536e598651e, 0xb390ad4a2f1f303a}
#define LIMINE_FIRMWARE_TYPE_ID {LIMINE_MAGIC, 0x8c2f75d90bef28a8, 0x7045a4688eac00c3}
#define LIMINE_STACK_SIZE_ID {LIMINE_MAGIC, 0x224ef0460a8e8926, 0xe1cb0fc25f46ea3d}
#define LIMINE_HHDM_ID {LIMINE_MAGIC, 0x48dcf1cb8ad2b852, 0x63984e959a98244b}
#define LIMINE_FRAMEBUFFER_ID {LIMINE_MAGIC, 0x9d5827dcd881dd75, 0xa3148604f6fab11b}
#define LIMINE_PAGING_MODE_ID {LIMINE_MAGIC, 0x95c1a0edab0944cb, 0xa4e5cb3842f7488a}
#define LIMINE_MP_ID {LIMINE_MAGIC, 0x95a67b819a1b857e, 0xa0b61b723b6a73e0}
#define LIMINE_MEMMAP_ID {LIMINE_MAGIC, 0x67cf3d9d378a806f, 0xe304acdfc50c3c62}
#define LIMINE_ENTRY_POINT_ID {LIMINE_MAGIC, 0x13d86c035a1cd3e1, 0x2b0caa89d8f3026a}
#define LIMINE_EXECUTABLE_FILE_ID {LIMINE_MAGIC, 0xad97e90e83f1ed67, 0x31eb5d1c5ff23b69}
#define LIMINE_MODULE_ID {LIMINE_MAGIC, 0x3e7e279702be32af, 0xca1c4f3bd1280cee}
#define LIMINE_RSDP_ID {LIMINE_MAGIC, 0xc5e77b6b397e7b43, 0x27637845accdcf3c}
#define LIMINE_SMBIOS_ID {LIMINE_MAGIC, 0x9e9046f11e095391, 0xaa4a520fefbde5ee}
#define LIMINE_EFI_SYSTEM_TABLE_ID {LIMINE_MAGIC, 0x5ceba5163eaaf6d6, 0x0a6981610cf65fcc}
#define LIMINE_EFI_MEMMAP_ID {LIMINE_MAGIC, 0x7df62a431d6872d5, 0xa4fcdfb3e57306c8}
#define LIMINE_DATE_AT_BOOT_ID {LIMINE_MAGIC, 0x502746e184c088aa, 0xfbc5ec83e6327893}
#define LIMINE_EXECUTABLE_ADDRESS_ID {LIMINE_MAGIC, 0x71ba76863cc55f63, 0xb2644a48c516a487}
#define LIMINE_DTB_ID {LIMINE_MAGIC, 0xb40ddb48fb54bac7, 0x545081493f81ffb7}
#define LIMINE_PERFORMANCE_ID {LIMINE_MAGIC, 0x6b50ad9bf36d13ad, 0xdc4c7e88fc759e17}
#define LIMINE_KEEP_IOMMU_ID {LIMINE_MAGIC, 0x8ebaabe51f490179, 0x2aa86a59ffb4ab0f}
#define LIMINE_TSC_FREQUENCY_ID {LIMINE_MAGIC, 0x10f2ee1d87d195e4, 0xf747a2b78f6ddb31}
#define LIMINE_FLANTERM_PARAMS_ID {LIMINE_MAGIC, 0x3259399fe7c5f126, 0xe01c1c8c5db9d1a9}
#define LIMINE_TPM_EVENT_LOG_ID {LIMINE_MAGIC, 0x98e094fc7e76e979, 0xee8d8775c54e1d1f}
#define LIMINE_ENTROPY_ID {LIMINE_MAGIC, 0x65ea80255d5682c5, 0x9117240723f493eb}

/* Declares a request and the type of its response; the extra fields of some requests follow at offset 48. */
#define LIMINE_REQUEST_DECLARATION(name, response_type)                                            \
    struct name##_layout {                                                                         \
        u64 id[4];                                                                                 \
        u64 revision;                                                                              \
        response_type *response;                                                                   \
        u64 extra[3];                                                                              \
    };                                                                                             \
    extern volatile struct name##_layout name
/* Defines a declared request, where the loader looks for it. */
#define LIMINE_REQUEST(name, ...)                                                                  \
    volatile struct name##_layout name                                                             \
        __attribute__((used, section(".limine_requests"), aligned(8))) = {.id = __VA_ARGS__}

struct limine_memmap_entry {
    u64 base, length, type;
};

enum limine_memmap_type {
    LIMINE_MEMMAP_USABLE = 0,
    LIMINE_MEMMAP_BOOTLOADER_RECLAIMABLE = 5,
};

struct limine_file {
    u64 revision;
    void *address;
    u64 size;
    const char *path;
    const char *string;
    u32 media_type, unused;
    u32 tftp_ip, tftp_port;
    u32 partition_index, mbr_disk_id;
    u8 uuids[48];
};

struct limine_mp_info {
    u32 processor_id, lapic_id;
    u64 reserved;
    u64 goto_address;
    u64 extra_argument;
};

struct limine_framebuffer {
    u64 address, width, height, pitch;
    u16 bpp;
    u8 memory_model, masks[6], unused[7];
    u64 edid_size, edid, mode_count, modes;
};

struct limine_bootloader_info { u64 revision; const char *name, *version; };
struct limine_cmdline { u64 revision; const char *cmdline; };
struct limine_hhdm { u64 revision, offset; };
struct limine_memmap { u64 revision, entry_count; struct limine_memmap_entry **entries; };
struct limine_mp { u64 revision; u32 flags, bsp_lapic_id; u64 cpu_count; struct limine_mp_info **cpus; };
struct limine_executable_file { u64 revision; struct limine_file *file; };
struct limine_executable_address { u64 revision, physical_base, virtual_base; };
struct limine_framebuffers { u64 revision, count; struct limine_framebuffer **framebuffers; };
struct limine_modules { u64 revision, count; struct limine_file **modules; };
struct limine_smbios { u64 revision, entry_32, entry_64; };
/* Responses that are the revision and then plain numbers: RSDP, date, paging mode, firmware type, TSC frequency ... */
struct limine_numbers { u64 revision, value[4]; };

#endif
