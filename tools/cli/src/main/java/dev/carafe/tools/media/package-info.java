/**
 * Reads what a boot loader would read from a disc or disk image: file systems, and the loader's own
 * configuration.
 */
package dev.carafe.tools.media;
