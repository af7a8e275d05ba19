/**
 * {@code carafe test}: many runs in parallel, what is expected of each, and the results in the
 * formats that others read.
 */
package dev.carafe.tools.suite;
