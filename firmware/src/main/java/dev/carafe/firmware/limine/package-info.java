/** The Limine boot protocol, base revisions 0 to 6, for x86-64. */
package dev.carafe.firmware.limine;
