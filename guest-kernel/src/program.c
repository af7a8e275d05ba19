#include "program.h"

#include "boot.h"
#include "prof.h"
#include "string.h"

LIMINE_REQUEST_DECLARATION(module_request, struct limine_modules);
LIMINE_REQUEST(module_request, LIMINE_MODULE_ID);

/* Built by user_programs.S: a name, the file, its end, for each; a name of NULL at the end. */
struct built_in {
    const char *name;
    const u8 *start, *end;
};
extern const struct built_in built_in_programs[];

static const char *base_name(const char *path) {
    const char *name = path;
    for (; *path != 0; path++) {
        if (*path == '/') name = path + 1;
    }
    return name;
}

bool program_at(u32 index, struct program *program) {
    const struct limine_modules *modules = module_request.response;
    u64 module_count = modules == NULL ? 0 : modules->count;
    if (index < module_count) {
        const struct limine_file *file = modules->modules[index];
        *program = (struct program){base_name(file->path), file->address, file->size};
        return true;
    }
    for (const struct built_in *at = built_in_programs; at->name != NULL; at++) {
        if (index-- != module_count) continue;
        *program = (struct program){at->name, at->start, (u64)(at->end - at->start)};
        return true;
    }
    return false;
}

/* A module may have an ".elf" behind its name. */
static bool is_called(const char *file, const char *name) {
    size_t length = strlen(name);
    if (strlen(file) < length || memcmp(file, name, length) != 0) return false;
    return file[length] == 0 || (strlen(file + length) == 4 && memcmp(file + length, ".elf", 4) == 0);
}

bool program_find(const char *name, struct program *program) {
    PROF_START(PROF_FILE);
    bool found = false;
    for (u32 i = 0; !found && program_at(i, program); i++) found = is_called(program->name, name);
    PROF_END(PROF_FILE);
    return found;
}
