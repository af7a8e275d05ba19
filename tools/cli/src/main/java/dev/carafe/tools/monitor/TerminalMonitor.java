package dev.carafe.tools.monitor;

import dev.carafe.tools.console.Receiver;
import java.io.IOError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;

/**
 * The human monitor for a person at a terminal that somebody else has put into raw mode and reads
 * from: lines can be edited, called back and completed. Loaded when the person first wants it.
 */
final class TerminalMonitor implements Receiver {
    private static final int PIPE_BYTES = 1 << 16;
    private static final Size USUAL = new Size(80, 24);

    private final HumanMonitor monitor;
    private final OutputStream screen;
    private PipedOutputStream typed; // reader thread only; null before the first key
    private volatile Thread typist; // the reader thread

    TerminalMonitor(HumanMonitor monitor, OutputStream screen) {
        this.monitor = monitor;
        this.screen = screen;
    }

    /** Shows that the keys are the monitor's now. */
    void begin() {
        if (typed == null) {
            open();
        } else {
            offer('\r'); // shows the prompt again
        }
    }

    private void open() {
        try {
            typist = Thread.currentThread();
            PipedInputStream keys = new PipedInputStream(PIPE_BYTES);
            typed = new PipedOutputStream(keys);
            screen.write(("\n" + HumanClient.BANNER).getBytes(StandardCharsets.US_ASCII));
            ExternalTerminal terminal =
                    new ExternalTerminal("carafe", "ansi", keys, screen, StandardCharsets.UTF_8);
            terminal.setSize(USUAL);
            LineReader reader =
                    LineReaderBuilder.builder()
                            .terminal(terminal)
                            .completer((_, line, found) -> complete(line, found))
                            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                            .build();
            Thread.ofPlatform().daemon().name("monitor").start(() -> converse(reader, terminal));
        } catch (IOException e) {
            throw new AssertionError("a pipe inside the process is broken", e);
        }
    }

    private void complete(ParsedLine line, List<Candidate> found) {
        String before = line.line().substring(0, line.cursor());
        for (String word : monitor.completions(before)) {
            found.add(new Candidate(word));
        }
    }

    private void converse(LineReader reader, ExternalTerminal terminal) {
        while (true) {
            try {
                String answer = monitor.execute(reader.readLine(HumanClient.PROMPT));
                terminal.writer().print(answer);
                terminal.flush();
            } catch (UserInterruptException e) {
                // Ctrl-C gives the line up.
            } catch (EndOfFileException e) {
                if (!typist.isAlive()) {
                    return; // nobody can type any more; otherwise it was Ctrl-D
                }
            } catch (IOError e) {
                return; // the thread that typed has ended, in the midst of a line
            }
        }
    }

    @Override
    public boolean offer(int value) {
        try {
            typed.write(value);
            typed.flush();
        } catch (IOException e) {
            // The monitor has ended, as at the end of the input.
        }
        return true;
    }

    @Override
    public void sendBreak() {
        // There is no line to break.
    }
}
