/** The i8042 keyboard controller with its keyboard and mouse. */
package dev.carafe.devices.keyboard;
