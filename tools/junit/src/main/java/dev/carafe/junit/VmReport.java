package dev.carafe.junit;

/**
 * One thing that Carafe said about a machine.
 *
 * @param kind such as {@code triple-fault}
 * @param code stable name of the cause
 * @param cpu whom it is about, or -1
 * @param headline one line that says it all
 * @param text whole lines
 */
public record VmReport(String kind, String code, int cpu, String headline, String text) {}
