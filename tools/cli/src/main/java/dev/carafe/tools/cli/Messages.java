package dev.carafe.tools.cli;

/**
 * What Carafe itself says, on standard error, after the name it was started by: scripts look for
 * {@code qemu-system-x86_64: } when that is what they have started.
 */
final class Messages {
    private static final String NAME = System.getProperty("carafe.name", "carafe");

    private Messages() {}

    static String name() {
        return NAME;
    }

    static void error(String sentence) {
        System.err.println(NAME + ": " + sentence);
    }

    static void warning(String sentence) {
        System.err.println(NAME + ": warning: " + sentence);
    }

    static void info(String sentence) {
        System.err.println(NAME + ": " + sentence);
    }
}
