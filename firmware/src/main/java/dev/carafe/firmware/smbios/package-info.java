/** SMBIOS entry points and structures (System Management BIOS Reference Specification, DSP0134). */
package dev.carafe.firmware.smbios;
