package dev.carafe.tools.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Reads what is typed, on its own thread, and feeds it to a device: byte by byte and no faster than
 * the device takes it.
 */
public final class StandardInput {
    static final String HELP =
            """

            Ctrl-A h      print this help
            Ctrl-A x      end Carafe
            Ctrl-A b      send a break
            Ctrl-A Ctrl-A send Ctrl-A
            """;
    static final String NO_MONITOR = "\ncarafe: there is no monitor yet, Ctrl-A h lists the keys\n";

    private static final int BLOCK = 256;
    private static final long FULL_WAIT_NANOS =
            10_000_000; // a device without room says when it has some; look anyway

    private final InputStream stream;
    private final EscapeKeys escapes; // null: every byte is the guest's
    private final Consumer<String> answers;
    private final Runnable quit;
    private volatile Receiver receiver; // set by any thread; null: nothing is connected
    private volatile Thread reader; // null until started

    /**
     * Makes a reader that does not read yet.
     *
     * @param escape whether Ctrl-A begins a command to Carafe
     * @param answers takes what is said to the person who types
     * @param quit ends the run; called by Ctrl-A x
     */
    public StandardInput(
            InputStream stream, boolean escape, Consumer<String> answers, Runnable quit) {
        this.stream = stream;
        this.escapes = escape ? new EscapeKeys() : null;
        this.answers = answers;
        this.quit = quit;
    }

    /** From now on, bytes go to this device. */
    public void connect(Receiver device) {
        receiver = device;
        roomAvailable();
    }

    /** The device may have room again. Any thread may say so. */
    public void roomAvailable() {
        Thread waiting = reader;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Starts to read; that ends with the input, or with the process.
     *
     * @param before runs first on the reader's thread, so that nobody else waits for it
     */
    public void start(Runnable before) {
        reader =
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
            case FOR_GUEST -> deliver(value);
            case NOTHING -> {}
            case HELP -> answers.accept(HELP);
            case MONITOR -> answers.accept(NO_MONITOR);
            case BREAK -> {
                Receiver device = receiver;
                if (device != null) {
                    device.sendBreak();
                }
            }
            case QUIT -> {
                quit.run();
                return false;
            }
        }
        return true;
    }

    private void deliver(int value) {
        Receiver device = receiver;
        while (device == null || !device.offer(value)) {
            LockSupport.parkNanos(FULL_WAIT_NANOS);
            device = receiver;
        }
    }
}
