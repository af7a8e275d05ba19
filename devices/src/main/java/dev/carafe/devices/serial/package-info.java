/** The 16550A serial port. */
package dev.carafe.devices.serial;
