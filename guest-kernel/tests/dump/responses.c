/* The answers to the requests that loaders of base revision 0 to 2 know. Limine PROTOCOL.md, "Features". */
#include "boot.h"
#include "dump.h"
#include "log.h"

LIMINE_REQUEST_DECLARATION(address_request, struct limine_executable_address);
LIMINE_REQUEST_DECLARATION(smbios_request, struct limine_smbios);
LIMINE_REQUEST_DECLARATION(date_request, struct limine_numbers);
LIMINE_REQUEST_DECLARATION(paging_mode_request, struct limine_numbers);
LIMINE_REQUEST_DECLARATION(module_request, struct limine_modules);
LIMINE_REQUEST_DECLARATION(framebuffer_request, struct limine_framebuffers);

LIMINE_REQUEST(address_request, LIMINE_EXECUTABLE_ADDRESS_ID);
LIMINE_REQUEST(smbios_request, LIMINE_SMBIOS_ID);
LIMINE_REQUEST(date_request, LIMINE_DATE_AT_BOOT_ID);
LIMINE_REQUEST(paging_mode_request, LIMINE_PAGING_MODE_ID);
LIMINE_REQUEST(module_request, LIMINE_MODULE_ID);
LIMINE_REQUEST(framebuffer_request, LIMINE_FRAMEBUFFER_ID);

/* A number of a response, 0 where there is none. */
static u64 number(const struct limine_numbers *response) { return response == NULL ? 0 : response->value[0]; }

static void dump_scalars(void) {
    const struct limine_executable_address *address = address_request.response;
    const struct limine_smbios *smbios = smbios_request.response;
    const struct limine_bootloader_info *loader = bootloader_info_request.response;
    print("base0=0x%lx base1=0x%lx ", limine_base_revision[0], limine_base_revision[1]);
    print("base2=0x%lx \n", limine_base_revision[2]);
    print("hhdm=0x%lx ", hhdm_request.response->offset);
    print("kphys=0x%lx kvirt=0x%lx ", address == NULL ? 0 : address->physical_base, address == NULL ? 0 : address->virtual_base);
    print("rsdp=0x%lx ", number(rsdp_request.response));
    print("smb=0x%lx smb64=0x%lx ", smbios == NULL ? 0 : smbios->entry_32, smbios == NULL ? 0 : smbios->entry_64);
    print("time=0x%lx pmode=0x%lx ", number(date_request.response), number(paging_mode_request.response));
    print("module=0x%lx ", (u64)module_request.response);
    print("%s %s\n", loader == NULL ? "none" : loader->name, loader == NULL ? "" : loader->version);
}

static void dump_file(void) {
    if (executable_file_request.response == NULL) return;
    const struct limine_file *file = executable_file_request.response->file;
    print("file.rev=0x%lx addr=0x%lx size=0x%lx ", file->revision, (u64)file->address, file->size);
    print("path=%s cmd=%s ", file->path, file->string);
    print("media=0x%x part=0x%x mbr=0x%x \n", file->media_type, file->partition_index, file->mbr_disk_id);
}

static void dump_memory_map(void) {
    const struct limine_memmap *map = memmap_request.response;
    for (u64 i = 0; i < map->entry_count; i++) {
        const struct limine_memmap_entry *entry = map->entries[i];
        print("0x%lx - 0x%lx type 0x%lx\n", entry->base, entry->base + entry->length, entry->type);
    }
}

static void dump_framebuffer(void) {
    const struct limine_framebuffers *response = framebuffer_request.response;
    if (response == NULL || response->count == 0) return;
    const struct limine_framebuffer *fb = response->framebuffers[0];
    print("fbrev=0x%lx fb=0x%lx w=0x%lx h=0x%lx ", response->revision, fb->address, fb->width, fb->height);
    print("pitch=0x%lx bpp=0x%x mode_count=0x%lx ", fb->pitch, fb->bpp, response->revision == 0 ? 0 : fb->mode_count);
    print("edid=0x%lx \n", fb->edid_size);
}

static void dump_mp(void) {
    const struct limine_mp *mp = mp_request.response;
    print("fbresp=0x%lx smpresp=0x%lx ", (u64)framebuffer_request.response, (u64)mp);
    if (mp == NULL) {
        print("\n");
        return;
    }
    print("rev=0x%lx flags=0x%x bsp=0x%x n=0x%lx \n", mp->revision, mp->flags, mp->bsp_lapic_id, mp->cpu_count);
    for (u64 i = 0; i < mp->cpu_count; i++) {
        const struct limine_mp_info *cpu = mp->cpus[i];
        print("pid=0x%x lapic=0x%x resv=0x%lx ", cpu->processor_id, cpu->lapic_id, cpu->reserved);
        print("goto=0x%lx at=0x%lx \n", cpu->goto_address, (u64)cpu);
    }
}

void dump_responses(void) {
    dump_scalars();
    dump_file();
    dump_memory_map();
    dump_framebuffer();
    dump_mp();
}
