/**
 * Transfers of control: jumps, calls, returns, interrupts by instruction, and the stack they use.
 */
package dev.carafe.core.isa.control;
