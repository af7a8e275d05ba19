package dev.carafe.firmware;

/** A file handed to the kernel beside itself. The array is shared, not copied. */
public record ModuleFile(String path, String commandLine, byte[] bytes) {}
