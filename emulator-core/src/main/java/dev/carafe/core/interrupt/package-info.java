/** Wires between devices, interrupt controllers and vCPUs. */
package dev.carafe.core.interrupt;
