package dev.carafe.tools.cli;

/**
 * One option of the machine's command line.
 *
 * @param name without dashes
 * @param argument what follows it, as the help shows it; empty when nothing does
 * @param treatment what happens to it
 * @param text a line of help for an option that works, the reason for one that does not
 */
record Option(String name, String argument, Treatment treatment, String text) {
    /** What happens to an option. */
    enum Treatment {
        /** It chooses something. */
        CONFIGURES,
        /** Accepted; nothing would change. */
        SILENT,
        /** Accepted without effect, and one warning says so. */
        WARNS,
        /** The run would not be what was meant: refused with the reason. */
        REFUSED
    }

    boolean takesArgument() {
        return !argument.isEmpty();
    }
}
