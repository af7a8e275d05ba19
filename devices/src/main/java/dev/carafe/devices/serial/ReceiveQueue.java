package dev.carafe.devices.serial;

import java.util.ArrayList;
import java.util.List;

/**
 * The receiver's FIFO: characters with their error bits. Guarded by the lock of {@link Uart16550}.
 */
final class ReceiveQueue {
    static final int CAPACITY = 16;
    static final int CHARACTER = 0xFF;

    private final int[] entries = new int[CAPACITY]; // LSR error bits in bits 15:8
    private int first;
    private int count;

    int size() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void add(int entry) {
        entries[(first + count) % CAPACITY] = entry;
        count++;
    }

    int remove() {
        int entry = entries[first];
        first = (first + 1) % CAPACITY;
        count--;
        return entry;
    }

    /** LSR error bits of the character at the top; 0 when empty. They show once. */
    int takeErrors() {
        if (count == 0) {
            return 0;
        }
        int errors = entries[first] >> 8;
        entries[first] &= CHARACTER;
        return errors;
    }

    boolean topHasErrors() {
        return count != 0 && entries[first] > CHARACTER;
    }

    boolean hasErrors() {
        for (int i = 0; i < count; i++) {
            if (entries[(first + i) % CAPACITY] > CHARACTER) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        first = 0;
        count = 0;
    }

    List<Integer> save() {
        List<Integer> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(entries[(first + i) % CAPACITY]);
        }
        return List.copyOf(list);
    }

    void restore(List<Integer> saved) {
        clear();
        saved.forEach(this::add);
    }
}
