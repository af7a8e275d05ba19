package dev.carafe.tools.monitor;

/** Our end of a connection to a monitor. Called by one thread, from the first call to the last. */
public interface MonitorClient {
    /** Somebody is there. */
    void opened();

    /** Bytes have come. */
    void take(byte[] bytes, int length);

    /** Nobody is there any more. */
    void closed();
}
