package dev.carafe.core.isa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a {@link Semantics} method of a scalar SSE instruction whose result replaces the low {@link
 * #value} bits of the destination vector register; the bits above stay. Source vector operands
 * arrive as their low 64 bits, of which a method on single precision looks at the low 32 only.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ScalarResult {
    /** 32 or 64. */
    int value();
}
