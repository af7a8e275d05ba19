package dev.carafe.tools.gdb;

import dev.carafe.core.cpu.Cpu;

/**
 * A register as a debugger sees it.
 *
 * @param name as debuggers know it
 * @param bits its size
 * @param type a type of GDB's target descriptions
 * @param group what {@code info registers GROUP} calls it; empty for the type's own
 * @param access how it is reached
 */
record Register(String name, int bits, String type, String group, Access access) {
    /** Reads and writes 64 bits of it at a time. */
    interface Access {
        /** Bits 64 × {@code word} and above. */
        long get(Cpu cpu, int word);

        /** Returns whether it can be written. */
        boolean set(Cpu cpu, int word, long value);
    }

    /** Reads a whole register of at most 64 bits. */
    @FunctionalInterface
    interface Getter {
        long get(Cpu cpu);
    }

    /** Writes a whole register of at most 64 bits. */
    @FunctionalInterface
    interface Setter {
        void set(Cpu cpu, long value);
    }

    static Register of(
            String name, int bits, String type, String group, Getter getter, Setter setter) {
        return new Register(
                name,
                bits,
                type,
                group,
                new Access() {
                    @Override
                    public long get(Cpu cpu, int word) {
                        return getter.get(cpu);
                    }

                    @Override
                    public boolean set(Cpu cpu, int word, long value) {
                        if (setter != null) {
                            setter.set(cpu, value);
                        }
                        return setter != null;
                    }
                });
    }

    int bytes() {
        return bits / Byte.SIZE;
    }

    /** Stores its value, least significant byte first. */
    void read(Cpu cpu, byte[] into, int at) {
        long word = 0;
        for (int i = 0; i < bytes(); i++) {
            if (i % Long.BYTES == 0) {
                word = access.get(cpu, i / Long.BYTES);
            }
            into[at + i] = (byte) (word >>> Byte.SIZE * (i % Long.BYTES));
        }
    }

    /** Takes a value over; false when it cannot be written. */
    boolean write(Cpu cpu, byte[] from, int at) {
        boolean written = true;
        for (int i = 0; i < bytes(); i += Long.BYTES) {
            long word = 0;
            for (int j = Math.min(bytes() - i, Long.BYTES) - 1; j >= 0; j--) {
                word = word << Byte.SIZE | from[at + i + j] & 0xFF;
            }
            written &= access.set(cpu, i / Long.BYTES, word);
        }
        return written;
    }
}
