/**
 * The emulated processor beside the host's: the same instruction, the same state, what comes of it.
 */
package dev.carafe.tools.verify;
