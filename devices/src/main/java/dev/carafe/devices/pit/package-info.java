/** The 8254 interval timer and port 61h. */
package dev.carafe.devices.pit;
