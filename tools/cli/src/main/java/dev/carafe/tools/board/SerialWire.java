package dev.carafe.tools.board;

import dev.carafe.tools.console.InputLine;
import java.util.function.IntConsumer;

/**
 * What a serial port is wired to.
 *
 * @param output takes the bytes sent
 * @param input brings the bytes received
 */
public record SerialWire(IntConsumer output, InputLine input) {
    /** A wire that nobody talks back on. */
    public SerialWire(IntConsumer output) {
        this(output, InputLine.SILENT);
    }
}
