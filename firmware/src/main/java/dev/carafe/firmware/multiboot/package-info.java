/** The Multiboot Specification, version 0.6.96 ("Multiboot 1"). */
package dev.carafe.firmware.multiboot;
