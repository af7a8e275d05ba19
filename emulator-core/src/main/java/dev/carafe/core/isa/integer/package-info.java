/** Integer instructions: arithmetic, logic, shifts, bits, conversions, conditions. */
package dev.carafe.core.isa.integer;
