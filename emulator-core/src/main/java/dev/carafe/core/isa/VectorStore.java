package dev.carafe.core.isa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a {@link Semantics} method that stores a whole vector register: {@code void (Cpu, long
 * address, long low, long high)}, the address being linear.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface VectorStore {}
