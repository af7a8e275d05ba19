package dev.carafe.firmware.dwarf;

/**
 * A place in the sources.
 *
 * @param file as the compiler named it, relative to where it ran when the file lies below
 * @param line from 1; 0 for code that no line made
 */
public record SourceLine(String file, int line) {
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
