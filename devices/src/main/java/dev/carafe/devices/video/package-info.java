/** What of a VGA text-mode kernels ask for. */
package dev.carafe.devices.video;
