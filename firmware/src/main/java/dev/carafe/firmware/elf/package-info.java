/** Reading ELF files (System V ABI, "Object Files", and its AMD64 supplement). */
package dev.carafe.firmware.elf;
