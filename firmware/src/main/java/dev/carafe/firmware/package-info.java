/**
 * The machine on paper, and what a loader makes of a kernel file: memory contents and initial
 * registers.
 */
package dev.carafe.firmware;
