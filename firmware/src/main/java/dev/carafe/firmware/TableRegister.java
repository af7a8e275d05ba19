package dev.carafe.firmware;

/** GDTR or IDTR. */
public record TableRegister(long base, int limit) {}
