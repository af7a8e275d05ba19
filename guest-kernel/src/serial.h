/* COM1, polled. PC16550D data sheet, "Registers". */
#ifndef SERIAL_H
#define SERIAL_H

#include "types.h"

#define COM1 0x3F8

void serial_init(void);
/* For a program that must find the port as the loader left it. */
void serial_assume_present(void);
void serial_write(const char *text, size_t length);
/* Sends a byte to ourselves: nothing leaves the port. PC16550D data sheet, "Modem Control Register", bit 4. */
void serial_loop_back(u8 byte);

#endif
