package dev.carafe.tools.console;

/**
 * Commands to Carafe among the bytes that are typed to a guest: Ctrl-A, or what -echr names, and a
 * letter.
 *
 * <p>Not modelled: Ctrl-A s (save disks), Ctrl-A t (time stamps).
 */
final class EscapeKeys {
    /** What a typed byte means. */
    enum Meaning {
        FOR_GUEST,
        NOTHING,
        QUIT,
        BREAK,
        HELP,
        MONITOR
    }

    static final int CTRL_A = 1;

    private final int escape;
    private boolean escaped; // reader thread only

    EscapeKeys(int escape) {
        this.escape = escape;
    }

    Meaning take(int value) {
        if (!escaped) {
            escaped = value == escape;
            return escaped ? Meaning.NOTHING : Meaning.FOR_GUEST;
        }
        escaped = false;
        if (value == escape) {
            return Meaning.FOR_GUEST;
        }
        return switch (value) {
            case 'x' -> Meaning.QUIT;
            case 'b' -> Meaning.BREAK;
            case 'h', '?' -> Meaning.HELP;
            case 'c' -> Meaning.MONITOR;
            default -> Meaning.NOTHING; // as QEMU: an unknown key is forgotten
        };
    }
}
