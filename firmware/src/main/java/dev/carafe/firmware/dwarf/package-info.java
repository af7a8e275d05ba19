/**
 * Where in the sources an address comes from (DWARF Debugging Information Format, versions 2 to 5).
 */
package dev.carafe.firmware.dwarf;
