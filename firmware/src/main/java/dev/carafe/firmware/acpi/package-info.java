/** ACPI tables (ACPI Specification, "ACPI Software Programming Model"), one file per table. */
package dev.carafe.firmware.acpi;
