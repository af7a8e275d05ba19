/** The command: QEMU's option grammar, the log, and the run from first byte to exit code. */
package dev.carafe.tools.cli;
