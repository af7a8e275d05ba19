/** Randomness: the one door to it for devices and vCPUs. */
package dev.carafe.core.entropy;
