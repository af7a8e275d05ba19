package dev.carafe.tools.monitor;

/** What a monitor may change of the log. */
public interface LogControl {
    /**
     * Logs these items and no others.
     *
     * @param items separated by commas, or {@code none}
     * @return what is wrong with them, or empty
     */
    String select(String items);

    /** The items there are, one a line. */
    String items();

    /**
     * Logs to another file.
     *
     * @return what is wrong with it, or empty
     */
    String file(String name);
}
