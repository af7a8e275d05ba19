/**
 * Instructions of the x87 FPU (SDM Vol. 1, "Programming with the x87 FPU"). Values travel as two
 * numbers: 16 bits of sign and exponent, and a 64-bit significand.
 */
package dev.carafe.core.isa.x87;
