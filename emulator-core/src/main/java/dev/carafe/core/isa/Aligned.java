package dev.carafe.core.isa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a {@link WholeRegister} or {@link VectorStore} method whose operand in memory must be
 * aligned even where the instruction is VEX-encoded (SDM Vol. 2, "Exception Specification": type
 * 1).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Aligned {}
