/** Hardware that only test programs look for. */
package dev.carafe.devices.testing;
