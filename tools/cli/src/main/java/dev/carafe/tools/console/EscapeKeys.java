package dev.carafe.tools.console;

/**
 * Commands to Carafe among the bytes that are typed to a guest: Ctrl-A and a letter.
 *
 * <p>Not modelled: Ctrl-A c (monitor), Ctrl-A s (save disks), Ctrl-A t (time stamps).
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

    static final int ESCAPE = 1; // Ctrl-A

    private boolean escaped; // reader thread only

    Meaning take(int value) {
        if (!escaped) {
            escaped = value == ESCAPE;
            return escaped ? Meaning.NOTHING : Meaning.FOR_GUEST;
        }
        escaped = false;
        return switch (value) {
            case 'x' -> Meaning.QUIT;
            case 'b' -> Meaning.BREAK;
            case 'h', '?' -> Meaning.HELP;
            case 'c' -> Meaning.MONITOR;
            case ESCAPE -> Meaning.FOR_GUEST;
            default -> Meaning.NOTHING; // as QEMU: an unknown key is forgotten
        };
    }
}
