/** The tables of the MultiProcessor Specification, for kernels older than ACPI. Not exported. */
package dev.carafe.firmware.mp;
