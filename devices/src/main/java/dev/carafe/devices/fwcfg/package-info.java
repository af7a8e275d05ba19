/** QEMU's firmware configuration device. */
package dev.carafe.devices.fwcfg;
