/**
 * The state of one processor, and what changes it apart from instructions: mode switches, events,
 * reset.
 */
package dev.carafe.core.cpu;
