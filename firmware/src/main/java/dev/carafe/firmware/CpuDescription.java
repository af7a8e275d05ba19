package dev.carafe.firmware;

/**
 * One processor: its place in the machine, its ACPI processor UID and its APIC ID. The first one is
 * the BSP.
 */
public record CpuDescription(int index, int processorUid, int apicId) {}
