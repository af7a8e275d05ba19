/* Ways to end. */
#ifndef POWER_H
#define POWER_H

#include "types.h"

/* Where the command line says exit=PORT: ends the emulator through isa-debug-exit, status 33 for success, else 35. */
void power_debug_exit(bool success);
/* ACPI S5; returns false with a logged reason where the tables do not allow it or nothing happens. */
bool power_off(void);
/* isa-debug-exit where asked for, else ACPI, else halt. */
__attribute__((noreturn)) void power_end(bool success);

#endif
