package dev.carafe.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A machine for a field or parameter of type {@link Vm}. A static field's machine serves all tests
 * of the class, an instance field's or parameter's one test.
 */
@Documented
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CarafeExtension.class)
public @interface CarafeMachine {
    /** The kernel's file, or a CD or disk image; empty for the kernel that Carafe brings. */
    String kernel() default "";

    int cpus() default 1;

    /** As behind {@code -m}: 512M, 2G. */
    String memory() default "128M";

    /** The kernel's command line. */
    String commandLine() default "";

    /** Further options as behind {@code carafe}, one word each: {@code {"-cpu", "max,-x2apic"}}. */
    String[] options() default {};

    /** How long each wait for the guest may take; then the test fails. */
    long limitSeconds() default 60;

    /** Instructions of all processors together after which the machine ends; 0 for no limit. */
    long limitInstructions() default 0;

    /**
     * Whether a machine that can never go on ends at once, and misused interrupt controllers are
     * reported.
     */
    boolean verdicts() default true;
}
