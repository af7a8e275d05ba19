package dev.carafe.tools.console;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes on their way to one peer, that may be slow: a device that sends waits for room, but not for
 * ever, since a peer that reads nothing must not stop the machine.
 */
final class OutputQueue {
    private static final int CAPACITY = 1 << 16;

    private final byte[] ring = new byte[CAPACITY]; // guarded by lock, as all state below
    private int first;
    private int size;
    private boolean open = true;
    private boolean writing; // a block was taken and may not have arrived
    private final long patienceMillis;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /**
     * @param patienceMillis how long a full queue may stay full before its peer counts as gone
     */
    OutputQueue(long patienceMillis) {
        this.patienceMillis = patienceMillis;
    }

    /** Nobody reads any more: what is queued and what comes is dropped. */
    void hangUp() {
        lock.lock();
        try {
            open = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a byte.
     *
     * @return whether the peer is still there; false the first time that its patience ran out
     */
    boolean put(int value) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
            while (open && size == CAPACITY) {
                left = changed.awaitNanos(left);
                if (left <= 0) {
                    open = false;
                    changed.signalAll();
                    return false;
                }
            }
            if (open) {
                ring[(first + size++) % CAPACITY] = (byte) value;
                changed.signalAll();
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for bytes and takes as many as fit.
     *
     * @return their number, or -1 when nobody reads any more
     */
    int take(byte[] block) {
        lock.lock();
        try {
            writing = false;
            changed.signalAll();
            while (open && size == 0) {
                changed.awaitUninterruptibly();
            }
            if (!open) {
                return -1;
            }
            int count = Math.min(size, block.length);
            for (int i = 0; i < count; i++) {
                block[i] = ring[(first + i) % CAPACITY];
            }
            first = (first + count) % CAPACITY;
            size -= count;
            writing = true;
            changed.signalAll();
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything has been written, or a while. */
    void drain(long millis) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (open && (size > 0 || writing) && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
