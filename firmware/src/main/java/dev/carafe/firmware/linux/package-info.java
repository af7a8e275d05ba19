/** The Linux boot protocol (kernel documentation, "The Linux/x86 Boot Protocol") and PVH. */
package dev.carafe.firmware.linux;
