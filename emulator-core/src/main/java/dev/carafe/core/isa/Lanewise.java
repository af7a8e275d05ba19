package dev.carafe.core.isa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a {@link Semantics} method of a packed SSE instruction that treats each 64-bit lane of its
 * operands alike: it is called once with the low and once with the high halves and returns the
 * destination's half. With one {@code long} fewer than the encoding has operands it takes the
 * source only. An immediate comes last and is the same for both halves.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Lanewise {}
