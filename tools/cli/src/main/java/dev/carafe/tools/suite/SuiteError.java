package dev.carafe.tools.suite;

/** A suite that cannot be read: one sentence with file and line. */
public final class SuiteError extends Exception {
    private static final long serialVersionUID = 1L;

    SuiteError(String where, String reason) {
        super(where + ": " + reason, null, false, false);
    }
}
