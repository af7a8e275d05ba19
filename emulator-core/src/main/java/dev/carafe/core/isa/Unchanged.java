package dev.carafe.core.isa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a semantic method whose result is its operand, unchanged: woven code need not call it,
 * which spares the host's compiler the most frequent call of all.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Unchanged {}
