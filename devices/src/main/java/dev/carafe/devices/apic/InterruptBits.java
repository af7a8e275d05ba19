package dev.carafe.devices.apic;

import java.util.ArrayList;
import java.util.List;

/**
 * 256 bits, one per vector, as IRR, ISR and TMR have them. Not thread-safe: the local APIC's lock
 * guards it.
 */
final class InterruptBits {
    private static final int WORDS = 8;

    private final int[] words = new int[WORDS];

    void set(int vector) {
        words[vector >> 5] |= 1 << vector;
    }

    void clear(int vector) {
        words[vector >> 5] &= ~(1 << vector);
    }

    void put(int vector, boolean value) {
        if (value) {
            set(vector);
        } else {
            clear(vector);
        }
    }

    boolean get(int vector) {
        return (words[vector >> 5] & (1 << vector)) != 0;
    }

    /** The vector of highest priority, or -1 when all bits are clear. */
    int highest() {
        for (int i = WORDS - 1; i >= 0; i--) {
            if (words[i] != 0) {
                return i * 32 + 31 - Integer.numberOfLeadingZeros(words[i]);
            }
        }
        return -1;
    }

    /** The register that holds vectors {@code 32 * index} to {@code 32 * index + 31}. */
    int word(int index) {
        return words[index];
    }

    void clearAll() {
        for (int i = 0; i < WORDS; i++) {
            words[i] = 0;
        }
    }

    List<Integer> save() {
        List<Integer> list = new ArrayList<>(WORDS);
        for (int word : words) {
            list.add(word);
        }
        return List.copyOf(list);
    }

    void restore(List<Integer> saved) {
        for (int i = 0; i < WORDS; i++) {
            words[i] = saved.get(i);
        }
    }
}
