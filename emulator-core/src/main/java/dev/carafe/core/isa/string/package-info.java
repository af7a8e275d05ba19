/** String instructions and their repetition. */
package dev.carafe.core.isa.string;
