package dev.carafe.tools.gdb;

import static dev.carafe.core.cpu.Registers.*;

import dev.carafe.core.cpu.Cpu;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.X87State;
import java.util.ArrayList;
import java.util.List;

/**
 * The registers of GDB's own features for x86-64, named and ordered as its target descriptions ask
 * for ("i386 Features" in GDB's manual).
 */
final class CoreRegisters {
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final String[] NAMES = {
        "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12",
        "r13", "r14", "r15"
    };
    private static final String[] NARROW_NAMES = {
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"
    };
    private static final int[] NUMBERS = {
        RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, 8, 9, 10, 11, 12, 13, 14, 15
    };

    private CoreRegisters() {}

    static List<Register> core() {
        List<Register> list = new ArrayList<>();
        for (int i = 0; i < NAMES.length; i++) {
            int number = NUMBERS[i];
            String type = number == RSP || number == RBP ? "data_ptr" : "int64";
            list.add(
                    Register.of(
                            NAMES[i],
                            64,
                            type,
                            "",
                            cpu -> cpu.regs[number],
                            (cpu, value) -> cpu.regs[number] = value));
        }
        pointerAndRest(list, "rip", 64);
        return list;
    }

    /** As a 32-bit debugger knows them: the lower halves, in the order of their numbers. */
    static List<Register> narrowCore() {
        List<Register> list = new ArrayList<>();
        for (int number = 0; number < NARROW_NAMES.length; number++) {
            int register = number;
            String type = number == RSP || number == RBP ? "data_ptr" : "int32";
            list.add(
                    Register.of(
                            NARROW_NAMES[number],
                            32,
                            type,
                            "",
                            cpu -> cpu.regs[register],
                            (cpu, value) -> cpu.regs[register] = value & LOW_32));
        }
        pointerAndRest(list, "eip", 32);
        return list;
    }

    private static void pointerAndRest(List<Register> list, String pointer, int bits) {
        list.add(
                Register.of(
                        pointer,
                        bits,
                        "code_ptr",
                        "",
                        cpu -> cpu.rip,
                        (cpu, value) -> cpu.rip = cpu.truncateRip(value)));
        list.add(Register.of("eflags", 32, "x64_eflags", "", Cpu::rflags, CoreRegisters::setFlags));
        selector(list, "cs", Segments.CS);
        selector(list, "ss", Segments.SS);
        selector(list, "ds", Segments.DS);
        selector(list, "es", Segments.ES);
        selector(list, "fs", Segments.FS);
        selector(list, "gs", Segments.GS);
        for (int i = 0; i < X87State.REGISTERS; i++) {
            list.add(new Register("st" + i, 80, "i387_ext", "", new Stack(i)));
        }
        x87Controls(list);
    }

    private static void setFlags(Cpu cpu, long value) {
        cpu.setRflags(value);
        cpu.control.modeChanged(); // VM and AC
    }

    private static void selector(List<Register> list, String name, int segment) {
        list.add(
                Register.of(
                        name,
                        32,
                        "int32",
                        "",
                        cpu -> cpu.segments.selector[segment],
                        (cpu, value) -> setSelector(cpu, segment, (int) value & 0xFFFF)));
    }

    /** In real mode the base follows; otherwise the hidden part stays, as no descriptor is read. */
    private static void setSelector(Cpu cpu, int segment, int selector) {
        Segments segments = cpu.segments;
        boolean real = cpu.control.realMode() || cpu.virtual8086();
        segments.set(
                segment,
                selector,
                real ? (long) selector << 4 : segments.base(segment),
                segments.limit[segment],
                segments.attributes[segment]);
    }

    private static void x87Controls(List<Register> list) {
        floating(list, "fctrl", cpu -> cpu.x87.controlWord, CoreRegisters::setControlWord);
        floating(
                list,
                "fstat",
                cpu -> cpu.x87.statusWord,
                (cpu, value) -> cpu.x87.setStatusWord((int) value & 0xFFFF));
        floating(
                list,
                "ftag",
                cpu -> cpu.x87.storedTagWord(),
                (cpu, value) -> cpu.x87.tagWord = (int) value & 0xFFFF);
        floating(
                list,
                "fiseg",
                cpu -> cpu.x87.codeSelector,
                (cpu, value) -> cpu.x87.codeSelector = (int) value & 0xFFFF);
        floating(
                list,
                "fioff",
                cpu -> cpu.x87.instructionPointer & LOW_32,
                (cpu, value) -> cpu.x87.instructionPointer = value);
        floating(
                list,
                "foseg",
                cpu -> cpu.x87.dataSelector,
                (cpu, value) -> cpu.x87.dataSelector = (int) value & 0xFFFF);
        floating(
                list,
                "fooff",
                cpu -> cpu.x87.dataPointer & LOW_32,
                (cpu, value) -> cpu.x87.dataPointer = value);
        floating(
                list,
                "fop",
                cpu -> cpu.x87.opcode,
                (cpu, value) -> cpu.x87.setOpcode((int) value & 0x7FF));
    }

    private static void setControlWord(Cpu cpu, long value) {
        cpu.x87.setControlWord((int) value & 0xFFFF);
    }

    private static void floating(
            List<Register> list, String name, Register.Getter getter, Register.Setter setter) {
        list.add(Register.of(name, 32, "int", "float", getter, setter));
    }

    /** One register of the x87 stack, by its distance from the top. */
    private record Stack(int number) implements Register.Access {
        @Override
        public long get(Cpu cpu, int word) {
            int physical = cpu.x87.physical(number);
            return word == 0 ? cpu.x87.significand[physical] : cpu.x87.signExponent[physical];
        }

        @Override
        public boolean set(Cpu cpu, int word, long value) {
            int physical = cpu.x87.physical(number);
            if (word == 0) {
                cpu.x87.significand[physical] = value;
            } else {
                cpu.x87.signExponent[physical] = (int) value & 0xFFFF;
            }
            return true;
        }
    }

    /** Two longs of a vector register. */
    private record Vector(int number, int first) implements Register.Access {
        @Override
        public long get(Cpu cpu, int word) {
            return cpu.xmm[number * Cpu.VECTOR_STRIDE + first + word];
        }

        @Override
        public boolean set(Cpu cpu, int word, long value) {
            cpu.xmm[number * Cpu.VECTOR_STRIDE + first + word] = value;
            return true;
        }
    }

    static List<Register> sse(int count) {
        List<Register> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(new Register("xmm" + i, 128, "vec128", "", new Vector(i, 0)));
        }
        list.add(
                Register.of(
                        "mxcsr",
                        32,
                        "i386_mxcsr",
                        "vector",
                        cpu -> cpu.mxcsr.get(),
                        (cpu, value) -> cpu.mxcsr.set((int) value & 0xFFFF)));
        return list;
    }

    /** The upper halves of YMM; GDB puts the whole ones together. */
    static List<Register> avx(int count) {
        List<Register> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            list.add(new Register("ymm" + i + "h", 128, "uint128", "", new Vector(i, 2)));
        }
        return list;
    }

    static List<Register> segments() {
        return List.of(base("fs_base", Segments.FS), base("gs_base", Segments.GS));
    }

    static Register base(String name, int segment) {
        return Register.of(
                name,
                64,
                "int64",
                "system",
                cpu -> cpu.segments.base(segment),
                (cpu, value) -> cpu.segments.setBase(segment, value));
    }
}
