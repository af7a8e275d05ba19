package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.Registers;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random bytes, and compiled code with random changes, executed as code: whatever they mean, the
 * guest gets exceptions at worst. The system properties {@code carafe.fuzz.seed} and {@code
 * carafe.fuzz.instructions} ask for another run, or a longer one.
 */
class FuzzTest {
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

    private static final long INSTRUCTIONS = Long.getLong("carafe.fuzz.instructions", 700_000);
    private static final long SEED = Long.getLong("carafe.fuzz.seed", 20261120L);
    private static final int CODE_BYTES = 0x2000;
    private static final int CODE_AT = 0x6000;
    private static final int STARTS = 60;
    private static final long BUDGET = 400;

    private enum Mode {
        CODE16,
        CODE32,
        CODE64
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void nothingButExceptionsOfTheGuestComesOfRandomCode(Mode mode) {
        Random random = new Random(SEED + mode.ordinal());
        System.out.println("fuzz " + mode + ": carafe.fuzz.seed=" + SEED);
        long executed = 0;
        int round = 0;
        while (executed < INSTRUCTIONS) {
            try (Vm vm = fresh(mode)) {
                executed += life(vm, random, "seed %d, %s, round %d".formatted(SEED, mode, round));
            }
            round++;
        }
        assertTrue(executed >= INSTRUCTIONS);
    }

    private static Vm fresh(Mode mode) {
        return switch (mode) {
            case CODE16 -> Vm.realMode();
            case CODE32 -> Vm.protectedMode();
            case CODE64 -> Vm.bare();
        };
    }

    /** Executes until the guest has ruined itself. */
    private static long life(Vm vm, Random random, String name) {
        for (int generation = 0; generation < 40; generation++) {
            vm.machine.bus.write(CODE_AT, bytes(random));
            for (int start = 0; start < STARTS; start++) {
                vm.cpu.rip = CODE_AT + random.nextInt(CODE_BYTES);
                for (int register = 0; register < 16; register++) {
                    vm.set(register, value(random));
                }
                vm.set(Registers.RSP, Vm.STACK - 0x800 + random.nextInt(64) * 8L);
                long before = vm.executed();
                StopReason reason;
                try {
                    reason = vm.run(BUDGET);
                } catch (RuntimeException | Error defect) {
                    throw new AssertionError(name + " at " + Long.toHexString(vm.cpu.rip), defect);
                }
                long done = vm.executed() - before;
                assertTrue(done >= 0 && done <= BUDGET, () -> name + " executed " + done);
                if (reason == StopReason.BUDGET) {
                    assertEquals(BUDGET, done, name);
                }
                if (reason == StopReason.SHUTDOWN || vm.cpu.activity == Activity.SHUTDOWN) {
                    return vm.executed();
                }
                vm.cpu.activity = Activity.RUNNING;
            }
        }
        return vm.executed();
    }

    private static long value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Vm.DATA + random.nextInt(0x1000);
            case 1 -> random.nextInt(256);
            case 2 -> random.nextLong();
            default -> CODE_AT + random.nextInt(CODE_BYTES);
        };
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[CODE_BYTES];
        if (random.nextInt(3) == 0) {
            random.nextBytes(bytes);
            return bytes;
        }
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = COMPILED[i % COMPILED.length];
        }
        int changes = random.nextInt(600);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}
