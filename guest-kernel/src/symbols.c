/* ELF-64 Object File Format, "ELF Header", "Section Headers", "Symbol Table". Takes no lock: the panic path comes here. */
#include "symbols.h"

#include "boot.h"
#include "format.h"

#define SECTION_SYMTAB 2
#define SECTION_RESERVED 0xFF00 /* from here on: no sections, such as that of absolute symbols */
#define SYMBOL_FUNCTION 2
#define SYMBOL_TYPE(info) ((info) & 15)

struct elf_header {
    u8 ident[16];
    u16 type, machine;
    u32 version;
    u64 entry, program_headers, section_headers;
    u32 flags;
    u16 header_size, program_header_size, program_header_count, section_header_size, section_header_count, name_section;
};

struct section_header {
    u32 name, type;
    u64 flags, address, offset, size;
    u32 link, info;
    u64 alignment, entry_size;
};

struct symbol {
    u32 name;
    u8 info, other;
    u16 section;
    u64 value, size;
};

static const struct section_header *section(const struct elf_header *elf, u32 index) {
    return (const void *)((const u8 *)elf + elf->section_headers + (u64)index * elf->section_header_size);
}

static const struct section_header *symbol_table(const struct elf_header *elf) {
    for (u32 i = 0; i < elf->section_header_count; i++) {
        if (section(elf, i)->type == SECTION_SYMTAB) return section(elf, i);
    }
    return NULL;
}

const char *symbol_find(u64 address, u64 *offset) {
    if (executable_file_request.response == NULL) return NULL;
    const struct elf_header *elf = executable_file_request.response->file->address;
    const struct section_header *table = symbol_table(elf);
    if (table == NULL) return NULL;
    const struct symbol *symbols = (const void *)((const u8 *)elf + table->offset), *best = NULL;
    for (u64 i = 0; i < table->size / sizeof *symbols; i++) {
        const struct symbol *s = &symbols[i];
        bool code = SYMBOL_TYPE(s->info) == SYMBOL_FUNCTION || SYMBOL_TYPE(s->info) == 0;
        if (code && s->section != 0 && s->section < SECTION_RESERVED && s->value <= address && (best == NULL || s->value >= best->value)) best = s;
    }
    if (best == NULL || (best->size != 0 && address - best->value > best->size)) return NULL;
    *offset = address - best->value;
    return (const char *)elf + section(elf, table->link)->offset + best->name;
}

const char *symbol_text(u64 address, char *buffer) {
    u64 offset;
    const char *name = symbol_find(address, &offset);
    if (name == NULL) format_text(buffer, SYMBOL_TEXT, "?");
    else format_text(buffer, SYMBOL_TEXT, "%s+0x%lx", name, offset);
    return buffer;
}
