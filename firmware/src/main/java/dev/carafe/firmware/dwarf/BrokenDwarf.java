package dev.carafe.firmware.dwarf;

/** Debugging information that cannot be read; nobody but the reader of one unit sees it. */
final class BrokenDwarf extends Exception {
    private static final long serialVersionUID = 1;

    BrokenDwarf(String message) {
        super(message, null, false, false);
    }
}
