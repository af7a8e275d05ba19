/** The high-precision event timer. */
package dev.carafe.devices.hpet;
