/** What is left of the 8237 DMA controllers and of port 80h. */
package dev.carafe.devices.dma;
