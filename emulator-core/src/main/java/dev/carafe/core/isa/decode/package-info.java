/** Code bytes to {@code Instruction}s, by opcode tables in the manual's notation. */
package dev.carafe.core.isa.decode;
