/** The real-time clock and its CMOS memory. */
package dev.carafe.devices.rtc;
