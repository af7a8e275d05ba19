/**
 * Monitors: what a person or a program outside the guest asks of the machine, in the words of
 * QEMU's human monitor (HMP) and machine protocol (QMP).
 */
package dev.carafe.tools.monitor;
