package dev.carafe.tools.gdb;

import dev.carafe.core.cpu.Cpu;
import java.util.OptionalLong;

/**
 * Registers of at most 64 bits by the names that GDB has for them. Only while the vCPU stands
 * still.
 */
public final class NamedRegisters {
    private final RegisterSet set = new RegisterSet(false);

    /** The value; empty where there is no such register. */
    public OptionalLong read(Cpu cpu, String name) {
        Register register = find(name);
        if (register == null) {
            return OptionalLong.empty();
        }
        byte[] bytes = set.read(cpu, register);
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            value = value << Byte.SIZE | bytes[i] & 0xFF;
        }
        return OptionalLong.of(value);
    }

    /** Whether there is such a register and it takes the value. */
    public boolean write(Cpu cpu, String name, long value) {
        Register register = find(name);
        if (register == null) {
            return false;
        }
        byte[] bytes = new byte[register.bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (value >>> Byte.SIZE * i);
        }
        return set.write(cpu, register, bytes, 0);
    }

    private Register find(String name) {
        for (RegisterSet.Feature feature : set.features()) {
            for (Register register : feature.registers()) {
                if (register.name().equals(name) && register.bits() <= Long.SIZE) {
                    return register;
                }
            }
        }
        return null;
    }
}
