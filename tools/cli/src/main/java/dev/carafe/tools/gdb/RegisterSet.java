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
    static final String CORE = "org.gnu.gdb.i386.core";
    static final String SSE = "org.gnu.gdb.i386.sse";
    static final String SYSTEM = "dev.carafe.i386.system";
    private static final String AVX = "org.gnu.gdb.i386.avx";
    private static final int WIDE_VECTORS = 16;
    private static final int NARROW_VECTORS = 8;

    /** Registers that a debugger knows under one name. */
    record Feature(String name, List<Register> registers) {
        Feature {
            registers = List.copyOf(registers);
        }
    }

    private final boolean narrow;
    private final List<Feature> features;
    private final List<Register> registers = new ArrayList<>();
    private final int size;

    /**
     * @param narrow whether the debugger's idea of the guest is a 32-bit one: what is longer is not
     *     shown then
     */
    RegisterSet(boolean narrow) {
        this.narrow = narrow;
        features = narrow ? narrowFeatures() : wideFeatures();
        features.forEach(feature -> registers.addAll(feature.registers()));
        size = registers.stream().mapToInt(Register::bytes).sum();
    }

    private static List<Feature> wideFeatures() {
        return List.of(
                new Feature(CORE, CoreRegisters.core()),
                new Feature(SSE, CoreRegisters.sse(WIDE_VECTORS)),
                new Feature(AVX, CoreRegisters.avx(WIDE_VECTORS)),
                new Feature("org.gnu.gdb.i386.segments", CoreRegisters.segments()),
                new Feature(SYSTEM, SystemRegisterList.all()));
    }

    private static List<Feature> narrowFeatures() {
        List<Register> system = new ArrayList<>(CoreRegisters.segments());
        system.addAll(SystemRegisterList.all());
        system.replaceAll(RegisterSet::withoutPointer);
        return List.of(
                new Feature(CORE, CoreRegisters.narrowCore()),
                new Feature(SSE, CoreRegisters.sse(NARROW_VECTORS)),
                new Feature(AVX, CoreRegisters.avx(NARROW_VECTORS)),
                new Feature(SYSTEM, system));
    }

    /** A 32-bit debugger's pointers are shorter than what some registers hold. */
    private static Register withoutPointer(Register register) {
        return register.type().equals("data_ptr")
                ? new Register(
                        register.name(),
                        register.bits(),
                        "int64",
                        register.group(),
                        register.access())
                : register;
    }

    /** Whether it is the set for 32-bit kernels. */
    boolean narrow() {
        return narrow;
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
