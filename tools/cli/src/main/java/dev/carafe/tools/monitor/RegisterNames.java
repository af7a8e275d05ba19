package dev.carafe.tools.monitor;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Segments;
import java.util.List;
import java.util.OptionalLong;

/** Registers by the names that a person may write after a dollar sign. */
final class RegisterNames {
    private static final List<String> WORDS =
            List.of("ax", "cx", "dx", "bx", "sp", "bp", "si", "di");
    private static final List<String> SEGMENTS = List.of("es", "cs", "ss", "ds", "fs", "gs");

    private RegisterNames() {}

    static OptionalLong value(Cpu cpu, String name) {
        int general = general(name);
        if (general >= 0) {
            return OptionalLong.of(cpu.regs[general]);
        }
        String[] part = name.split("\\.", 2);
        int segment = SEGMENTS.indexOf(part[0]);
        if (segment >= 0) {
            return segment(cpu.segments, segment, part.length > 1 ? part[1] : "");
        }
        return switch (name) {
            case "pc", "rip", "eip" -> OptionalLong.of(cpu.rip);
            case "eflags", "rflags" -> OptionalLong.of(cpu.rflags());
            case "cr0" -> OptionalLong.of(cpu.control.cr0());
            case "cr2" -> OptionalLong.of(cpu.control.cr2());
            case "cr3" -> OptionalLong.of(cpu.control.cr3());
            case "cr4" -> OptionalLong.of(cpu.control.cr4());
            case "cr8" -> OptionalLong.of(cpu.control.cr8());
            case "efer" -> OptionalLong.of(cpu.control.efer());
            case "cpl" -> OptionalLong.of(cpu.cpl);
            case "gdt", "gdtr" -> OptionalLong.of(cpu.system.gdtr.base());
            case "idt", "idtr" -> OptionalLong.of(cpu.system.idtr.base());
            case "tr" -> OptionalLong.of(cpu.system.tr.selector());
            case "tr.base" -> OptionalLong.of(cpu.system.tr.base());
            case "ldt" -> OptionalLong.of(cpu.system.ldtr.selector());
            case "kernel_gs_base" -> OptionalLong.of(cpu.system.kernelGsBase);
            default -> OptionalLong.empty();
        };
    }

    private static int general(String name) {
        if (name.equals("sp")) {
            return Registers.RSP;
        }
        if (name.equals("fp")) {
            return Registers.RBP;
        }
        if (name.length() == 3 && (name.charAt(0) == 'r' || name.charAt(0) == 'e')) {
            int word = WORDS.indexOf(name.substring(1));
            if (word >= 0) {
                return word;
            }
        }
        if (name.matches("r([89]|1[0-5])")) {
            return Integer.parseInt(name.substring(1));
        }
        return -1;
    }

    private static OptionalLong segment(Segments segments, int number, String part) {
        return switch (part) {
            case "" -> OptionalLong.of(segments.selector[number]);
            case "base" -> OptionalLong.of(segments.base(number));
            case "limit" -> OptionalLong.of(Integer.toUnsignedLong(segments.limit[number]));
            default -> OptionalLong.empty();
        };
    }
}
