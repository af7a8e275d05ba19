package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import java.util.List;

/**
 * What a row of a test says about a processor: {@code name=hex} words. Names are RAX to R15, {@code
 * m0} (the quadword at DATA + 0, the number being hexadecimal), {@code s8} (the quadword at STACK +
 * 8; {@code s-8} below it), {@code x0} and {@code y0} (low and high half of XMM0), {@code flags},
 * {@code rip} and {@code vector}.
 */
final class Row {
    private static final List<String> NAMES =
            List.of(
                    "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10",
                    "r11", "r12", "r13", "r14", "r15");

    private Row() {}

    static void set(Vm vm, String row) {
        for (String word : words(row)) {
            String name = word.substring(0, word.indexOf('='));
            long value = value(word);
            int register = NAMES.indexOf(name);
            if (register >= 0) {
                vm.set(register, value);
                continue;
            }
            switch (name.charAt(0)) {
                case 'm' -> vm.put64(address(name), value);
                case 's' -> vm.put64(address(name), value);
                case 'x' -> vm.cpu.xmm[vector(name)] = value;
                case 'y' -> vm.cpu.xmm[vector(name) + 1] = value;
                case 'f' -> vm.flags(value);
                default -> throw new IllegalArgumentException(word);
            }
        }
    }

    static void check(Vm vm, String code, String row) {
        for (String word : words(row)) {
            String name = word.substring(0, word.indexOf('='));
            assertEquals(Vm.hex(value(word)), Vm.hex(actual(vm, name)), code + ": " + name);
        }
    }

    private static long actual(Vm vm, String name) {
        int register = NAMES.indexOf(name);
        if (register >= 0) {
            Vm.Fault fault = vm.fault();
            return register == Registers.RSP && fault != null ? fault.rsp() : vm.reg(register);
        }
        return switch (name.charAt(0)) {
            case 'm', 's' -> vm.get64(address(name));
            case 'x' -> vm.cpu.xmm[vector(name)];
            case 'y' -> vm.cpu.xmm[vector(name) + 1];
            case 'f' -> vm.fault() == null ? vm.cpu.rflags() : vm.fault().flags();
            case 'r' -> vm.fault() == null ? vm.cpu.rip - 1 : vm.fault().rip();
            case 'v' -> vm.vector();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String[] words(String row) {
        return row == null || row.isBlank() ? new String[0] : row.trim().split(" +");
    }

    private static long value(String word) {
        return Long.parseUnsignedLong(word.substring(word.indexOf('=') + 1), 16);
    }

    private static long address(String name) {
        return (name.charAt(0) == 'm' ? Vm.DATA : Vm.STACK) + Long.parseLong(name.substring(1), 16);
    }

    private static int vector(String name) {
        return Integer.parseInt(name.substring(1)) * Cpu.VECTOR_STRIDE;
    }
}
