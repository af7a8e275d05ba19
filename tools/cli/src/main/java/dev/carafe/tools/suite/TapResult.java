package dev.carafe.tools.suite;

/**
 * One line of the Test Anything Protocol.
 *
 * @param name with the names of the tests around it, separated by " > "
 * @param status what came of it
 * @param detail the directive's reason, or the lines that followed a failure
 */
record TapResult(String name, Status status, String detail) {
    /** What came of a test. */
    enum Status {
        PASSED,
        FAILED,
        SKIPPED
    }
}
