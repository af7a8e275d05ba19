/** What the devices share: byte-wide register files and saved-state versions. */
package dev.carafe.devices;
