package dev.carafe.firmware;

/**
 * The user's kernel, module or machine cannot be booted. The message is one sentence that names the
 * offending value.
 */
public final class BootException extends Exception {
    private static final long serialVersionUID = 1L;

    public BootException(String message) {
        super(message);
    }

    public static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
