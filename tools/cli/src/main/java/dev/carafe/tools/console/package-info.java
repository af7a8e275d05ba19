/** The host's side of byte streams: standard output and input, files, and the terminal's mode. */
package dev.carafe.tools.console;
