package dev.carafe.tools.gdb;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.fault.CpuFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All registers in the order of the {@code g} packet, by feature. It is the same in every processor
 * mode: a debugger that has read it once never meets a reply of another length.
 */
final class RegisterSet {
    /** Registers that a debugger knows under one name. */
    record Feature(String name, List<Register> registers) {
        Feature {
            registers = List.copyOf(registers);
        }
    }

    private final List<Feature> features;
    private final List<Register> registers = new ArrayList<>();
    private final int size;

    RegisterSet() {
        features =
                List.of(
                        new Feature("org.gnu.gdb.i386.core", CoreRegisters.core()),
                        new Feature("org.gnu.gdb.i386.sse", CoreRegisters.sse()),
                        new Feature("org.gnu.gdb.i386.avx", CoreRegisters.avx()),
                        new Feature("org.gnu.gdb.i386.segments", CoreRegisters.segments()),
                        new Feature("dev.carafe.i386.system", SystemRegisterList.all()));
        features.forEach(feature -> registers.addAll(feature.registers()));
        size = registers.stream().mapToInt(Register::bytes).sum();
    }

    List<Feature> features() {
        return features;
    }

    /** The register with a number of the target description, or null. */
    Register number(long number) {
        return number >= 0 && number < registers.size() ? registers.get((int) number) : null;
    }

    byte[] readAll(Cpu cpu) {
        byte[] all = new byte[size];
        int at = 0;
        for (Register register : registers) {
            register.read(cpu, all, at);
            at += register.bytes();
        }
        return all;
    }

    byte[] read(Cpu cpu, Register register) {
        byte[] value = new byte[register.bytes()];
        register.read(cpu, value, 0);
        return value;
    }

    /** Takes over all that can be written, from the beginning as far as values are given. */
    void writeAll(Cpu cpu, byte[] all) {
        int at = 0;
        for (Register register : registers) {
            if (at + register.bytes() > all.length) {
                return;
            }
            byte[] before = read(cpu, register);
            if (!Arrays.equals(before, 0, before.length, all, at, at + before.length)) {
                write(cpu, register, all, at);
            }
            at += register.bytes();
        }
    }

    /** Returns false, and changes nothing, when the register does not take the value. */
    boolean write(Cpu cpu, Register register, byte[] from, int at) {
        byte[] before = read(cpu, register);
        try {
            return register.write(cpu, from, at);
        } catch (CpuFault refused) {
            register.write(cpu, before, 0);
            return false;
        }
    }
}
