/** {@code Instruction}s as text, in Intel and in AT&amp;T syntax. */
package dev.carafe.core.isa.text;
