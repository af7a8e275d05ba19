package dev.carafe.tools.monitor;

/** A command cannot be obeyed; the message is for the person who typed it. */
final class MonitorError extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean usage;
    private final boolean plain;

    private MonitorError(String message, boolean usage, boolean plain) {
        super(message, null, false, false);
        this.usage = usage;
        this.plain = plain;
    }

    /** The words after the command are wrong. */
    static MonitorError usage(String message) {
        return new MonitorError(message, true, true);
    }

    /** The command was understood and failed. */
    static MonitorError failed(String message) {
        return new MonitorError(message, false, false);
    }

    /** As {@link #failed}, for the few commands whose message has no {@code Error:} before it. */
    static MonitorError plain(String message) {
        return new MonitorError(message, false, true);
    }

    /** What the person reads, with its end of line. */
    String text() {
        return (plain ? "" : "Error: ") + getMessage() + "\n";
    }

    /** Whether the command's help may help. */
    boolean isUsage() {
        return usage;
    }
}
