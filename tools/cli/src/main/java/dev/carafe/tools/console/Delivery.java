package dev.carafe.tools.console;

import java.util.concurrent.locks.LockSupport;

/**
 * Hands the bytes of one reading thread to a device, no faster than it takes them, across a change
 * of device.
 */
final class Delivery implements InputLine {
    private static final long FULL_WAIT_NANOS =
            10_000_000; // a device without room says when it has some; look anyway

    private volatile Receiver receiver; // set by any thread; null: nothing is connected
    private volatile Thread reader; // who waits in deliver; set by that thread

    @Override
    public void connect(Receiver device) {
        receiver = device;
        roomAvailable();
    }

    @Override
    public void roomAvailable() {
        Thread waiting = reader;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Waits until the device has taken the byte. For one thread. */
    void deliver(int value) {
        reader = Thread.currentThread();
        Receiver device = receiver;
        while (device == null || !device.offer(value)) {
            LockSupport.parkNanos(FULL_WAIT_NANOS);
            device = receiver;
        }
    }

    void sendBreak() {
        Receiver device = receiver;
        if (device != null) {
            device.sendBreak();
        }
    }
}
