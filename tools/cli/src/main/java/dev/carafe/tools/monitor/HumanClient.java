package dev.carafe.tools.monitor;

import java.nio.charset.StandardCharsets;

/**
 * One person, or script, at a human monitor: bytes become lines, and answers are followed by a
 * prompt. What is typed is sent back, as QEMU does.
 *
 * <p>Not modelled here: cursor keys; on a terminal {@link TerminalMonitor} knows them.
 */
final class HumanClient implements MonitorClient {
    static final String PROMPT = "(qemu) ";
    static final String BANNER =
            "QEMU "
                    + InfoCommands.VERSION
                    + " monitor (Carafe) - type 'help' for more information\n";

    private static final int LONGEST_LINE = 4096;
    private static final int BACKSPACE = 8;
    private static final int DELETE = 127;
    private static final int CTRL_U = 21;
    private static final int ESCAPE = 27;

    private final HumanMonitor monitor;
    private final ClientOutput output;
    private final StringBuilder line = new StringBuilder();
    private boolean afterReturn;
    private int sequence; // where in a cursor key's sequence we are

    HumanClient(HumanMonitor monitor, ClientOutput output) {
        this.monitor = monitor;
        this.output = output;
    }

    @Override
    public void opened() {
        print(BANNER + PROMPT);
    }

    @Override
    public void closed() {
        // Nothing is kept of it.
    }

    @Override
    public void take(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            take(bytes[i] & 0xFF);
        }
    }

    private void take(int value) {
        boolean second = afterReturn && value == '\n';
        afterReturn = value == '\r';
        if (second || inSequence(value)) {
            return;
        }
        switch (value) {
            case '\r', '\n' -> execute();
            case BACKSPACE, DELETE -> {
                if (!line.isEmpty()) {
                    line.setLength(line.length() - 1);
                    print("\b \b");
                }
            }
            case CTRL_U -> {
                print("\b \b".repeat(line.length()));
                line.setLength(0);
            }
            default -> {
                if (value >= ' ' && line.length() < LONGEST_LINE) {
                    line.append((char) value);
                    output.send(new byte[] {(byte) value});
                }
            }
        }
    }

    /** ESC, then a bracket, then parameters up to a letter. */
    private boolean inSequence(int value) {
        switch (sequence) {
            case 0 -> sequence = value == ESCAPE ? 1 : 0;
            case 1 -> {
                sequence = value == '[' || value == 'O' ? 2 : 0;
                return true;
            }
            default -> {
                sequence = value >= '@' ? 0 : 2;
                return true;
            }
        }
        return sequence != 0;
    }

    private void execute() {
        byte[] bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
        line.setLength(0);
        print("\n");
        print(monitor.execute(new String(bytes, StandardCharsets.UTF_8)));
        print(PROMPT);
    }

    private void print(String text) {
        output.send(QmpCommands.carriageReturns(text));
    }
}
