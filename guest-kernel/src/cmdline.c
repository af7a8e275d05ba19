/* From the Executable Command Line feature, or where an older loader has none, from the string of the executable file. */
#include "cmdline.h"

#include "boot.h"
#include "string.h"
#include "twin.h"

const char *cmdline(void) {
    const char *text = NULL;
    if (cmdline_request.response != NULL) text = cmdline_request.response->cmdline;
    else if (executable_file_request.response != NULL) text = executable_file_request.response->file->string;
    return text == NULL ? "" : text;
}

static const char *find_in(const char *text, const char *name) {
    size_t length = strlen(name);
    for (const char *at = text; *at != 0;) {
        while (*at == ' ') at++;
        if (strncmp(at, name, length) == 0 && at[length] == '=') return at + length + 1;
        while (*at != 0 && *at != ' ') at++;
    }
    return NULL;
}

static const char *find(const char *name) {
    const char *at = find_in(cmdline(), name);
    return at != NULL ? at : find_in(twin_options, name);
}

bool cmdline_text(const char *name, char *value, size_t size) {
    const char *at = find(name);
    if (at == NULL) return false;
    size_t length = 0;
    while (at[length] != 0 && at[length] != ' ' && length + 1 < size) value[length] = at[length], length++;
    value[length] = 0;
    return true;
}

static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 16;
}

u64 cmdline_number(const char *name, u64 fallback) {
    char text[32];
    if (!cmdline_text(name, text, sizeof text) || text[0] == 0) return fallback;
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    int base = hex ? 16 : 10;
    u64 value = 0;
    for (const char *at = text + (hex ? 2 : 0); *at != 0; at++) {
        if (digit(*at) >= base) return fallback;
        value = value * (u64)base + (u64)digit(*at);
    }
    return value;
}

bool cmdline_is(const char *name, const char *value) {
    char text[64];
    return cmdline_text(name, text, sizeof text) && strncmp(text, value, sizeof text) == 0;
}

bool cmdline_lists(const char *name, const char *word) {
    size_t length = strlen(word);
    for (const char *at = find(name); at != NULL && *at != 0 && *at != ' ';) {
        if (strncmp(at, word, length) == 0 && (at[length] == 0 || at[length] == ',' || at[length] == ' ')) return true;
        while (*at != 0 && *at != ' ' && *at != ',') at++;
        if (*at == ',') at++;
    }
    return false;
}

bool cmdline_has(const char *word) {
    size_t length = strlen(word);
    for (const char *at = cmdline(); *at != 0;) {
        while (*at == ' ') at++;
        if (strncmp(at, word, length) == 0 && (at[length] == 0 || at[length] == ' ')) return true;
        while (*at != 0 && *at != ' ') at++;
    }
    return false;
}
