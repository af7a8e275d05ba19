package dev.carafe.firmware;

/** What a range of physical addresses is for, in the order of the Limine protocol's numbers. */
public enum MemoryType {
    USABLE(1),
    RESERVED(2),
    ACPI_RECLAIMABLE(3),
    ACPI_NVS(4),
    BAD(5),
    BOOTLOADER_RECLAIMABLE(1),
    EXECUTABLE_AND_MODULES(1),
    FRAMEBUFFER(2),
    RESERVED_MAPPED(2);

    private final int e820;

    MemoryType(int e820) {
        this.e820 = e820;
    }

    /** ACPI, "System Address Map Interfaces". */
    public int e820() {
        return e820;
    }

    /** Limine protocol, "Memory Map Feature". */
    public int limine() {
        return ordinal();
    }
}
