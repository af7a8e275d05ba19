package dev.carafe.core.memory;

/**
 * Sees the data accesses to chosen pages: watchpoints of the guest's debug registers, of a
 * debugger, and checkers.
 */
public interface AccessWatcher {
    /**
     * Whether accesses to the page at {@code linearPage} (low twelve bits zero) are to be reported.
     */
    boolean watches(long linearPage);

    /** An access of the vCPU's program passed its checks and is about to happen. */
    void accessing(long linear, int size, boolean read, boolean write);
}
