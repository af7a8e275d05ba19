package dev.carafe.tools.symbols;

import dev.carafe.firmware.dwarf.SourceLine;
import java.util.Optional;

/**
 * An address in a function or variable of the kernel.
 *
 * @param symbol its name
 * @param offset from the symbol's address
 * @param source where the code comes from, when the file has line tables
 */
public record Place(String symbol, long offset, Optional<SourceLine> source) {
    /** {@code name+0x1c}, or the name alone at its beginning. */
    public String inSymbol() {
        return offset == 0 ? symbol : symbol + "+0x" + Long.toHexString(offset);
    }

    /** {@code name+0x1c (src/file.c:12)}, as far as it is known. */
    @Override
    public String toString() {
        return inSymbol() + source.map(line -> " (" + line + ")").orElse("");
    }
}
