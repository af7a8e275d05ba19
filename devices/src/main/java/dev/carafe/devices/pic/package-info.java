/** The 8259A interrupt controllers. */
package dev.carafe.devices.pic;
