package dev.carafe.core.bus;

/**
 * The device refuses an MSR access; the processor turns it into #GP(0). Carries no stack trace: a
 * guest may cause many.
 */
public final class MsrRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The only instance. */
    public static final MsrRejected INSTANCE = new MsrRejected();

    private MsrRejected() {
        super("MSR access rejected", null, false, false);
    }
}
