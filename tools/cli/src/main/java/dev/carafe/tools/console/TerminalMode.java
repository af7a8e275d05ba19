package dev.carafe.tools.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The terminal's mode while a guest has the keyboard: every key at once, no echo, and back to what
 * it was at the end.
 *
 * <p>Works through {@code stty}, which every POSIX system has; where it is missing, the terminal
 * stays as it is. A process that is killed outright (SIGKILL) cannot put it back.
 */
public final class TerminalMode {
    private static final List<String> GUEST_MODE =
            List.of(
                    "-icanon", "-echo", "-iexten", "-icrnl", "-inlcr", "-igncr", "-ixon", "-istrip",
                    "min", "1", "time", "0");

    private final String before; // what stty -g printed
    private boolean
            over; // guarded by this: the process ends, and nothing may change the terminal any more

    private TerminalMode(String before) {
        this.before = before;
    }

    /**
     * Puts the terminal at standard input into the guest's mode.
     *
     * @param keys whether Ctrl-C, Ctrl-Z and Ctrl-\ are keys for the guest and raise no signals
     * @return what puts it back; empty where standard input is no terminal, or cannot be changed
     */
    public static Optional<TerminalMode> forGuest(boolean keys) {
        Optional<String> before = stty("-g");
        if (before.isEmpty() || before.get().isBlank()) {
            return Optional.empty();
        }
        TerminalMode mode = new TerminalMode(before.get().strip());
        Runtime.getRuntime().addShutdownHook(new Thread(mode::restore, "terminal"));
        mode.enter(keys);
        return Optional.of(mode);
    }

    /** Output stays as it is, so that a guest's bare line feeds and our own lines look right. */
    private synchronized void enter(boolean keys) {
        if (!over) {
            List<String> changes = new ArrayList<>(GUEST_MODE);
            changes.add(keys ? "-isig" : "isig");
            stty(changes.toArray(String[]::new));
        }
    }

    /**
     * Puts the terminal back; further calls do nothing. The process's end calls it, too, whatever
     * ends it.
     */
    public synchronized void restore() {
        if (!over) {
            over = true;
            stty(before);
        }
    }

    /** Runs stty on our standard input; its output, or empty when it failed. */
    private static Optional<String> stty(String... arguments) {
        List<String> command = new ArrayList<>(List.of("stty"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
