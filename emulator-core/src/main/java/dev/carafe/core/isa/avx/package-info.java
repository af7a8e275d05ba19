/** Vector instructions that only AVX and AVX2 have; the others are in {@code isa.sse}. */
package dev.carafe.core.isa.avx;
