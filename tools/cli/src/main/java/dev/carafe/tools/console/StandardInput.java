package dev.carafe.tools.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads what is typed, on its own thread, and feeds it to a device: byte by byte and no faster than
 * the device takes it. Where keys may be commands to Carafe, they are looked for ahead of the
 * device: a guest that takes nothing any more can still be ended.
 */
public final class StandardInput implements InputLine {
    static final String HELP =
            """

            Ctrl-A h      print this help
            Ctrl-A c      switch between the guest and the monitor
            Ctrl-A x      end Carafe
            Ctrl-A b      send a break
            Ctrl-A Ctrl-A send Ctrl-A
            """;
    static final String NO_MONITOR =
            "\ncarafe: there is no monitor here, Ctrl-A h lists the keys\n";

    /** Instead of the character that begins a command: every byte is the guest's. */
    public static final int NO_ESCAPE = -1;

    private static final int BLOCK = 256;
    private static final int AHEAD = 1 << 16; // bytes that wait for the device
    private static final int BREAK = -1; // in their place

    private final InputStream stream;
    private final EscapeKeys escapes; // null: every byte is the guest's
    private final Consumer<String> answers;
    private final Runnable quit;
    private final Delivery delivery = new Delivery();
    private volatile Supplier<Receiver> monitor; // null: there is none
    private Receiver diverted; // reader thread only; null: the guest gets the keys
    private volatile boolean ended;
    private final BlockingQueue<Integer> waiting = new ArrayBlockingQueue<>(AHEAD);
    private final AtomicInteger undelivered = new AtomicInteger();

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

    /**
     * There is a monitor, which Ctrl-A c leads to.
     *
     * @param begins asked each time: what takes the keys then
     */
    public void offerMonitor(Supplier<Receiver> begins) {
        monitor = begins;
    }

    @Override
    public void connect(Receiver device) {
        delivery.connect(device);
    }

    @Override
    public void roomAvailable() {
        delivery.roomAvailable();
    }

    @Override
    public boolean mayBring() {
        return !ended || undelivered.get() > 0;
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
        if (escapes != null) {
            Thread.ofPlatform().daemon().name("typed keys").start(this::deliverAll);
        }
        byte[] block = new byte[BLOCK];
        try {
            int length = stream.read(block);
            while (length > 0 && feed(block, length)) {
                length = stream.read(block);
            }
        } catch (IOException e) {
            // The input is gone, as at its end: the guest's line falls silent.
        }
        ended = true;
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
            case MONITOR -> switchMonitor();
            case BREAK -> deliver(BREAK);
            case QUIT -> {
                quit.run();
                return false;
            }
        }
        return true;
    }

    private void switchMonitor() {
        Supplier<Receiver> begins = monitor;
        if (diverted != null) {
            diverted = null;
        } else if (begins == null) {
            answers.accept(NO_MONITOR);
        } else {
            diverted = begins.get();
        }
    }

    private void deliver(int value) {
        if (diverted != null) {
            if (value != BREAK) {
                diverted.offer(value);
            }
        } else if (escapes == null) {
            delivery.deliver(value);
        } else {
            undelivered.incrementAndGet();
            try {
                waiting.put(value);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // nobody does that
            }
        }
    }

    private void deliverAll() {
        try {
            while (true) {
                int value = waiting.take();
                if (value == BREAK) {
                    delivery.sendBreak();
                } else {
                    delivery.deliver(value);
                }
                undelivered.decrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does that
        }
    }
}
