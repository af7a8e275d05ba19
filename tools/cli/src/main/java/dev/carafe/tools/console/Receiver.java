package dev.carafe.tools.console;

/** The device's end of an input line. */
public interface Receiver {
    /**
     * Takes a byte, or says that there is no room for it now.
     *
     * @return whether it was taken
     */
    boolean offer(int value);

    /** Takes a break condition. */
    void sendBreak();
}
