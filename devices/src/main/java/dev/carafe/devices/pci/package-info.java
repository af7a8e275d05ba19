/** PCI configuration space, mechanism 1. */
package dev.carafe.devices.pci;
