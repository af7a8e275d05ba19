package dev.carafe.core.isa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a {@link Semantics} method of an SSE instruction that moves data between lanes. All start
 * with those of {@code Flags}, {@code MxCsr}, {@code Cpu} and {@code Width}, in that order, that
 * they need; with {@code MxCsr} the destination is a copy, so that nothing is written at a fault.
 *
 * <ul>
 *   <li>{@code void (long[] xmm, int destination, long low, long high, int immediate)}: {@code xmm}
 *       is {@code Cpu.xmm}, {@code destination} the index of the destination's low half in it,
 *       {@code low} and {@code high} the source operand, read already; {@code high} is unspecified
 *       for a 64-bit source. Where the second operand is an immediate or a general register it
 *       arrives in {@code low}, zero-extended, with {@code high} 0.
 *   <li>{@code long (long low, long high, int immediate)}: the destination is a general register,
 *       the source a vector register.
 * </ul>
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface WholeRegister {
    /**
     * In the 256-bit form: how many bits of the immediate each 128-bit lane has for itself; 0 where
     * all lanes use the same ones.
     */
    int immediateBits() default 0;

    /** VEX-encoded: the first operand is a source too, and nothing is written to it. */
    boolean readsOnly() default false;

    /** In the 256-bit form: each 128-bit lane gets the source from its beginning. */
    boolean repeatsSource() default false;

    /**
     * In the 256-bit form of a method that returns {@code long}: how many bits of the result come
     * from each 128-bit lane.
     */
    int resultBits() default 0;
}
