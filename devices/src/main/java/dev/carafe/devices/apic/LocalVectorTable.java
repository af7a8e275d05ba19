package dev.carafe.devices.apic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The six entries of the local vector table (SDM Vol. 3A, "Local Vector Table"). Guarded by the
 * local APIC's lock.
 */
final class LocalVectorTable {
    static final int TIMER = 0;
    static final int THERMAL = 1;
    static final int PERFORMANCE = 2;
    static final int LINT0 = 3;
    static final int LINT1 = 4;
    static final int ERROR = 5;
    static final int ENTRIES = 6;

    static final int MASKED = 1 << 16;
    static final int LEVEL = 1 << 15;
    static final int REMOTE_IRR = 1 << 14;

    private static final int DELIVERY_STATUS = 1 << 12;
    private static final int READ_ONLY = REMOTE_IRR | DELIVERY_STATUS;
    private static final int VECTOR = 0xFF;
    private static final int MODE = 0x700;
    private static final int PIN = 0xE000; // polarity, remote IRR, trigger mode
    private static final int[] DEFINED = {
        VECTOR | DELIVERY_STATUS | MASKED | 0x6_0000,
        VECTOR | MODE | DELIVERY_STATUS | MASKED,
        VECTOR | MODE | DELIVERY_STATUS | MASKED,
        VECTOR | MODE | DELIVERY_STATUS | MASKED | PIN,
        VECTOR | MODE | DELIVERY_STATUS | MASKED | PIN,
        VECTOR | DELIVERY_STATUS | MASKED,
    };

    private final int[] entries = new int[ENTRIES];

    LocalVectorTable() {
        reset();
    }

    void reset() {
        Arrays.fill(entries, MASKED);
    }

    void maskAll() {
        for (int i = 0; i < ENTRIES; i++) {
            entries[i] |= MASKED;
        }
    }

    int get(int entry) {
        return entries[entry];
    }

    /**
     * Stores the writable bits of {@code value}. An entry that is no longer level-triggered loses
     * its remote IRR.
     */
    void set(int entry, int value) {
        int kept = (value & LEVEL) != 0 ? entries[entry] & READ_ONLY : 0;
        entries[entry] = (value & DEFINED[entry] & ~READ_ONLY) | kept;
    }

    void setRemoteIrr(int entry, boolean value) {
        entries[entry] = value ? entries[entry] | REMOTE_IRR : entries[entry] & ~REMOTE_IRR;
    }

    /** Whether a write of {@code value} touches a reserved bit, which is #GP in x2APIC mode. */
    static boolean reserved(int entry, int value) {
        return (value & ~DEFINED[entry]) != 0;
    }

    boolean masked(int entry) {
        return (entries[entry] & MASKED) != 0;
    }

    boolean has(int entry, int bit) {
        return (entries[entry] & bit) != 0;
    }

    int vector(int entry) {
        return entries[entry] & VECTOR;
    }

    int mode(int entry) {
        return (entries[entry] & MODE) >> 8;
    }

    List<Integer> save() {
        List<Integer> list = new ArrayList<>(ENTRIES);
        for (int entry : entries) {
            list.add(entry);
        }
        return List.copyOf(list);
    }

    void restore(List<Integer> saved) {
        for (int i = 0; i < ENTRIES; i++) {
            entries[i] = saved.get(i);
        }
    }
}
