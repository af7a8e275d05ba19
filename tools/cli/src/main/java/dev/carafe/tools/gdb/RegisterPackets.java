package dev.carafe.tools.gdb;

import dev.carafe.core.cpu.Cpu;

/** {@code g}, {@code G}, {@code p} and {@code P}. */
final class RegisterPackets {
    private static final String OK = "OK";

    private final RegisterSet registers;

    RegisterPackets(RegisterSet registers) {
        this.registers = registers;
    }

    String description() {
        return TargetDescription.of(registers);
    }

    String readAll(Cpu cpu) {
        return Hex.of(registers.readAll(cpu));
    }

    String writeAll(Cpu cpu, String values) {
        registers.writeAll(cpu, Hex.bytes(values));
        return OK;
    }

    String read(Cpu cpu, String number) {
        return Hex.of(registers.read(cpu, register(number)));
    }

    /** {@code number=value}. */
    String write(Cpu cpu, String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new PacketError();
        }
        Register register = register(text.substring(0, equals));
        byte[] value = Hex.bytes(text.substring(equals + 1));
        if (value.length != register.bytes() || !registers.write(cpu, register, value, 0)) {
            throw new PacketError();
        }
        return OK;
    }

    private Register register(String number) {
        Register register = registers.number(Hex.number(number));
        if (register == null) {
            throw new PacketError(PacketError.NO_MEMORY);
        }
        return register;
    }
}
