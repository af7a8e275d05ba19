package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.cpu.Rflags;
import dev.carafe.core.cpu.Segments;
import dev.carafe.core.cpu.TestMachine;
import dev.carafe.core.fault.CpuFault;
import java.util.HexFormat;
import java.util.Random;

/**
 * Code at random, and processors in every mode to run it: random bytes, prefixes and opcodes in
 * random order, compiled code with random changes.
 */
final class RandomCode {
    /**
     * What gcc -O2 made of small C functions: hashing, a tree search, floating point, byte
     * swapping, division, LOCK, SSE copies.
     */
    private static final byte[] COMPILED =
            HexFormat.of()
                    .parseHex(
                            "85f67e2c4863f6b805150000488d0c3789c24883c701c1e20501d00fb657ff31d04839cf75eac3660f1f840000000000b805150000c3662e"
                                    + "0f1f840000000000eb16660f1f4400003977107413488b07480f4e47084889c74885ff75eb31c0c34889f8c385d27e44f20f101d00000000"
                                    + "4863d231c0660fefc90f1f00660fefc0660f28d1f30f5a0486f20f5904c7f20f58d34883c001f20f5ec2f20f58c84839d075d9660f28c1c3"
                                    + "85d27e2c4863d24c8d04950000000031d20f1f80000000008b041689c1c1c0070fc901c88904174883c2044939d075e8c34889f94989f031"
                                    + "d24883cf014983c8014889c849f7f048b8abaaaaaaaaaaaaaa480fbdfff3480fb8c983f73f4801d748f7e648d1ea4889d6480faff1488d04"
                                    + "37c389f883f80477098b048500000000c3900fafc0c3f30f6f060f1107f30f6f4e100f114f10f30f6f56200f115720f30f6f5e300f115f30"
                                    + "f0830701b801000000ba02000000f0480fb116c341574156415541544989fc55534881ec0801000083fe010f8e700500008d46ff89f74c63"
                                    + "fe89f589c24531ed4c89fb83e2fe29d789bc24d40000008bbc24d40000004989de4d31e639fd0f842d05000083ed0289c74c896c24584c8d");

    static final int CODE_BYTES = 0x2000;
    static final int CODE_AT = 0x6000;
    private static final int[] PREFIXES = {
        0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65, 0x40, 0x48, 0x44, 0x4F
    };
    private static final int KERNEL_READABLE_CODE = 0x9B;
    private static final int USER_READABLE_CODE = 0xFB;
    private static final int FLAGS_16 = 0x00;
    private static final int FLAGS_32 = 0xCF;

    /** What kind of code the streams are, and at which privilege. */
    enum Mode {
        REAL,
        VIRTUAL_8086,
        PROTECTED_16,
        PROTECTED_32,
        USER_32,
        COMPATIBILITY,
        LONG,
        USER_64;

        boolean user() {
            return this == USER_32 || this == COMPATIBILITY || this == USER_64;
        }
    }

    private RandomCode() {}

    /** A processor in a mode, and nothing else in its memory but tables. */
    static Vm fresh(Mode mode, HotRegions.Policy regions) {
        Vm vm =
                switch (mode) {
                    case REAL -> Vm.realMode(regions);
                    case VIRTUAL_8086, PROTECTED_16, PROTECTED_32, USER_32 ->
                            Vm.protectedMode(regions);
                    case COMPATIBILITY, LONG, USER_64 -> Vm.bare(regions);
                };
        if (mode == Mode.COMPATIBILITY || mode == Mode.USER_64) {
            for (int page = 0; page < 256; page++) {
                vm.map((long) page << 12, (long) page << 12 | 7);
            }
            vm.machine.put64(0x12000, 0x13007);
            vm.cpu.memory.flush();
        }
        return vm;
    }

    /** The mode's segments and flags, random registers, and a random place in the code. */
    static void enter(Vm vm, Mode mode, Random random) {
        for (int register = 0; register < 16; register++) {
            vm.set(register, value(random));
        }
        vm.set(Registers.RSP, Vm.STACK - 0x800 + random.nextInt(64) * 8L);
        vm.cpu.setRflags(
                random.nextInt() & (0xCD5 | Rflags.AC | Rflags.NT) | random.nextInt(4) << 12);
        switch (mode) {
            case REAL -> vm.cpu.clearFlags(Rflags.NT);
            case VIRTUAL_8086 -> {
                vm.cpu.systemFlags |= Rflags.VM;
                vm.cpu.cpl = 3;
                for (int segment = 0; segment < Segments.COUNT; segment++) {
                    vm.cpu.segments.load(segment, 0);
                }
                vm.cpu.control.modeChanged();
            }
            default -> enterProtected(vm, mode);
        }
        vm.cpu.rip = CODE_AT + random.nextInt(CODE_BYTES);
        vm.cpu.nextRip = vm.cpu.rip;
        if (random.nextInt(4) == 0) {
            changeControl(vm, random);
        }
    }

    private static void enterProtected(Vm vm, Mode mode) {
        int flags =
                switch (mode) {
                    case PROTECTED_16 -> FLAGS_16;
                    case LONG, USER_64 -> 0xAF;
                    default -> FLAGS_32;
                };
        int level = mode.user() ? 3 : 0;
        int access = mode.user() ? USER_READABLE_CODE : KERNEL_READABLE_CODE;
        int selector = mode.user() ? TestMachine.USER_CODE : TestMachine.KERNEL_CODE;
        vm.cpu.segments.setCode(selector, TestMachine.descriptor(access, flags), level);
        int data = mode.user() ? TestMachine.USER_DATA : TestMachine.KERNEL_DATA;
        int dataAccess = mode.user() ? 0xF3 : 0x93;
        for (int segment : new int[] {0, 2, 3, 4, 5}) {
            vm.cpu.segments.setFromDescriptor(
                    segment, data, TestMachine.descriptor(dataAccess, FLAGS_32));
        }
        vm.cpu.control.modeChanged();
    }

    /** Some bits of CR0 and CR4 that leave the mapping alone; a refusal changes nothing. */
    private static void changeControl(Vm vm, Random random) {
        long emulation = random.nextInt(8) == 0 ? random.nextInt(8) << 1 : 0;
        vm.cpu.control.writeCr0(vm.cpu.control.cr0() & ~0xEL | emulation);
        long toggled = 1L << random.nextInt(23) & ~0x1030L; // not PSE, PAE, LA57
        try {
            vm.cpu.control.writeCr4(vm.cpu.control.cr4() ^ toggled);
        } catch (CpuFault refused) {
            assertEquals(13, refused.vector());
        }
    }

    private static long value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Vm.DATA + random.nextInt(0x1000);
            case 1 -> random.nextInt(256);
            case 2 -> random.nextLong();
            default -> CODE_AT + random.nextInt(CODE_BYTES);
        };
    }

    /** As many bytes as there is room for code. */
    static byte[] bytes(Random random) {
        byte[] bytes = new byte[CODE_BYTES];
        switch (random.nextInt(3)) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> compiled(bytes, random);
            default -> instructions(bytes, random);
        }
        return bytes;
    }

    private static void compiled(byte[] bytes, Random random) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = COMPILED[i % COMPILED.length];
        }
        int changes = random.nextInt(600);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
    }

    /** Prefixes, an opcode of some map, random bytes behind it; again and again. */
    private static void instructions(byte[] bytes, Random random) {
        random.nextBytes(bytes);
        int at = 0;
        while (at < bytes.length - 24) {
            for (int prefixes = random.nextInt(3); prefixes > 0; prefixes--) {
                bytes[at++] = (byte) PREFIXES[random.nextInt(PREFIXES.length)];
            }
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> bytes[at++] = 0x0F;
                case 3 -> {
                    bytes[at++] = 0x0F;
                    bytes[at++] = (byte) (random.nextBoolean() ? 0x38 : 0x3A);
                }
                case 4 -> bytes[at++] = (byte) 0xC5;
                case 5 -> {
                    bytes[at++] = (byte) 0xC4;
                    bytes[at] = (byte) (bytes[at] & 0xE0 | 1 + random.nextInt(3));
                    at++;
                }
                case 6 -> bytes[at++] = (byte) (0xD8 + random.nextInt(8));
                default -> {}
            }
            at += 2 + random.nextInt(4);
        }
    }
}
