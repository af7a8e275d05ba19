package dev.carafe.tools.suite;

/** A failure in the words that GitHub's runners look for (GitHub Docs, "Workflow commands"). */
final class GitHubAnnotation {
    private GitHubAnnotation() {}

    static String of(CaseResult result) {
        SourcePlace place = result.place();
        return "::error file="
                + property(place.file())
                + ",line="
                + place.line()
                + ",title="
                + property(result.test().name())
                + "::"
                + message(result.reason());
    }

    private static String message(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return message(text).replace(":", "%3A").replace(",", "%2C");
    }
}
