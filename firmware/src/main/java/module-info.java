/**
 * Everything that stands in guest memory before the first instruction: tables, boot images, initial
 * registers.
 */
module dev.carafe.firmware {
    exports dev.carafe.firmware;
    exports dev.carafe.firmware.acpi;
    exports dev.carafe.firmware.dwarf;
    exports dev.carafe.firmware.elf;
    exports dev.carafe.firmware.limine;
    exports dev.carafe.firmware.linux;
    exports dev.carafe.firmware.multiboot;
    exports dev.carafe.firmware.smbios;
}
