package dev.carafe.tools.console;

/** The host's end of a line that brings bytes to a device. */
public interface InputLine {
    /** A line on which nothing ever arrives. */
    InputLine SILENT =
            new InputLine() {
                @Override
                public void connect(Receiver device) {}

                @Override
                public void roomAvailable() {}

                @Override
                public boolean mayBring() {
                    return false;
                }
            };

    /** From now on, bytes go to this device. */
    void connect(Receiver device);

    /** The device may have room again. Any thread may say so. */
    void roomAvailable();

    /** Whether bytes may still arrive. */
    default boolean mayBring() {
        return true;
    }
}
