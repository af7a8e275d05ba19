package dev.carafe.tools.report;

/**
 * Why something went wrong.
 *
 * @param code stable name for machines
 * @param text for people, without a full stop
 * @param hint what to do about it, one sentence, or empty
 */
public record Finding(String code, String text, String hint) {
    static Finding of(String code, String text, String hint) {
        return new Finding(code, text, hint);
    }
}
