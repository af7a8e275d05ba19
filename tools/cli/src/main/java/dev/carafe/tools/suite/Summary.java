package dev.carafe.tools.suite;

import dev.carafe.tools.suite.CaseResult.Status;
import java.util.List;

/** How many of each. */
record Summary(long passed, long failed, long skipped) {
    static Summary of(List<CaseResult> results) {
        return new Summary(
                count(results, Status.PASSED),
                count(results, Status.FAILED),
                count(results, Status.SKIPPED));
    }

    private static long count(List<CaseResult> results, Status status) {
        return results.stream().filter(result -> result.status() == status).count();
    }

    String line() {
        String text = passed + " passed, " + failed + " failed";
        return skipped == 0 ? text : text + ", " + skipped + " skipped";
    }
}
