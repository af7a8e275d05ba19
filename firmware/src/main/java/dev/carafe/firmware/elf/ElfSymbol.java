package dev.carafe.firmware.elf;

/** A symbol with an address. */
public record ElfSymbol(String name, long address, long size, boolean function) {}
