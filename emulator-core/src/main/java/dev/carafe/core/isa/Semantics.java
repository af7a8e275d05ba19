package dev.carafe.core.isa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the one static method that says what an operation does. The weaver reads its signature:
 *
 * <ul>
 *   <li><b>Operands in, result out.</b> First any of {@code Flags}, {@code MxCsr}, {@code Cpu},
 *       {@code Mmu} (followed by its tags and RAM) and {@code Width}, in that order, then one
 *       {@code long} for each source operand, truncated to its width; returns {@code long} (stored
 *       to the first operand, truncated) or {@code void}. These never see where operands come from
 *       and must not touch memory but the stack.
 *   <li><b>Complex.</b> {@code (Cpu, Instruction)} returning {@code void}: control, string and
 *       system instructions, which read and write their operands through {@code Operands}; RIP is
 *       exact while they run and {@code cpu.nextRip} may be changed by them. {@link #leaves} says
 *       that mode, mapping or flow may have changed.
 *   <li><b>Raw.</b> {@code (Cpu, long[], int)} or {@code (Cpu, long[], int, Width)} returning
 *       {@code int}: a handler over the record itself, for the few hot instructions that fit
 *       neither shape.
 * </ul>
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Semantics {
    Operation[] value();

    /**
     * Only encodings with an operand of this kind: tells MOV to a control register from other MOVs.
     */
    Operand.Kind[] with() default {};

    /** Only encodings whose ModRM operand lies there. */
    Place place() default Place.ANY;

    /** Where the operand that may be either lies. */
    enum Place {
        ANY,
        REGISTER,
        MEMORY
    }

    /** Complex only: the interpreter must look up the next instruction anew. */
    boolean leaves() default false;
}
