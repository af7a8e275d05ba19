/** Local APICs, I/O APIC and the messages between them. */
package dev.carafe.devices.apic;
