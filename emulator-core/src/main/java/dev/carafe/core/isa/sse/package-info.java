/** SSE and SSE2 instructions; what only moves data is plumbing of the interpreter. */
package dev.carafe.core.isa.sse;
