package dev.carafe.tools.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * Reads what is typed, on its own thread, and feeds it to a device: byte by byte and no faster than
 * the device takes it.
 */
public final class StandardInput implements InputLine {
    static final String HELP =
            """

            Ctrl-A h      print this help
            Ctrl-A x      end Carafe
            Ctrl-A b      send a break
            Ctrl-A Ctrl-A send Ctrl-A
            """;
    static final String NO_MONITOR = "\ncarafe: there is no monitor yet, Ctrl-A h lists the keys\n";

    /** Instead of the character that begins a command: every byte is the guest's. */
    public static final int NO_ESCAPE = -1;

    private static final int BLOCK = 256;

    private final InputStream stream;
    private final EscapeKeys escapes; // null: every byte is the guest's
    private final Consumer<String> answers;
    private final Runnable quit;
    private final Delivery delivery = new Delivery();

    /** With Ctrl-A, or nothing, as the beginning of a command. */
    public StandardInput(
            InputStream stream, boolean escape, Consumer<String> answers, Runnable quit) {
        this(stream, escape ? EscapeKeys.CTRL_A : NO_ESCAPE, answers, quit);
    }

    /**
     * Makes a reader that does not read yet.
     *
     * @param escape the character that begins a command to Carafe, or {@link #NO_ESCAPE}
     * @param answers takes what is said to the person who types
     * @param quit ends the run; called by Ctrl-A x
     */
    public StandardInput(InputStream stream, int escape, Consumer<String> answers, Runnable quit) {
        this.stream = stream;
        this.escapes = escape == NO_ESCAPE ? null : new EscapeKeys(escape);
        this.answers = answers;
        this.quit = quit;
    }

    @Override
    public void connect(Receiver device) {
        delivery.connect(device);
    }

    @Override
    public void roomAvailable() {
        delivery.roomAvailable();
    }

    /**
     * Starts to read; that ends with the input, or with the process.
     *
     * @param before runs first on the reader's thread, so that nobody else waits for it
     */
    public void start(Runnable before) {
        Thread.ofPlatform()
                .daemon()
                .name("standard input")
                .start(
                        () -> {
                            before.run();
                            run();
                        });
    }

    void run() {
        byte[] block = new byte[BLOCK];
        try {
            int length = stream.read(block);
            while (length > 0 && feed(block, length)) {
                length = stream.read(block);
            }
        } catch (IOException e) {
            // The input is gone, as at its end: the guest's line falls silent.
        }
    }

    private boolean feed(byte[] block, int length) {
        for (int i = 0; i < length; i++) {
            if (!take(block[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    private boolean take(int value) {
        switch (escapes == null ? EscapeKeys.Meaning.FOR_GUEST : escapes.take(value)) {
            case FOR_GUEST -> delivery.deliver(value);
            case NOTHING -> {}
            case HELP -> answers.accept(HELP);
            case MONITOR -> answers.accept(NO_MONITOR);
            case BREAK -> delivery.sendBreak();
            case QUIT -> {
                quit.run();
                return false;
            }
        }
        return true;
    }
}
