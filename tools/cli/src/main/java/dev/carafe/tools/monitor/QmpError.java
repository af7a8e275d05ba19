package dev.carafe.tools.monitor;

/** A QMP command is refused; the client gets an error of this class and description. */
final class QmpError extends Exception {
    private static final long serialVersionUID = 1L;

    private final String kind;

    private QmpError(String kind, String description) {
        super(description, null, false, false);
        this.kind = kind;
    }

    static QmpError generic(String description) {
        return new QmpError("GenericError", description);
    }

    static QmpError commandNotFound(String description) {
        return new QmpError("CommandNotFound", description);
    }

    /** QMP's class of the error. */
    String kind() {
        return kind;
    }
}
