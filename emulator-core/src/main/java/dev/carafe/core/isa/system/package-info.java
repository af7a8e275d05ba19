/**
 * System instructions: descriptor tables, control and model-specific registers, ports, system
 * calls, processor state.
 */
package dev.carafe.core.isa.system;
