/** What a guest executes, written down: instruction by instruction, as samples, as a timeline. */
package dev.carafe.tools.trace;
