/** ACPI fixed hardware, reset, shutdown and debug exits. */
package dev.carafe.devices.power;
