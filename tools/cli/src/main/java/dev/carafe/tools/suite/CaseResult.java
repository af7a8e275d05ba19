package dev.carafe.tools.suite;

import java.time.Duration;
import java.util.List;

/**
 * What came of a run.
 *
 * @param test the run
 * @param status whether it is as expected
 * @param exitCode of the process; -1 where it was not started
 * @param duration of the process
 * @param serial everything on standard output
 * @param messages everything on standard error
 * @param reason why it failed or was skipped: one sentence, or empty
 * @param place where in the guest's sources, as far as something says so
 * @param tap results that the guest itself told
 */
record CaseResult(
        Case test,
        Status status,
        int exitCode,
        Duration duration,
        String serial,
        String messages,
        String reason,
        SourcePlace place,
        List<TapResult> tap) {
    /** What came of it. */
    enum Status {
        PASSED,
        FAILED,
        SKIPPED
    }

    CaseResult {
        tap = List.copyOf(tap);
    }

    static CaseResult skipped(Case test) {
        return new CaseResult(
                test,
                Status.SKIPPED,
                -1,
                Duration.ZERO,
                "",
                "",
                test.skip(),
                SourcePlace.of(test),
                List.of());
    }

    boolean failed() {
        return status == Status.FAILED;
    }

    String seconds() {
        return String.format(java.util.Locale.ROOT, "%.2f", duration.toMillis() / 1000.0);
    }
}
