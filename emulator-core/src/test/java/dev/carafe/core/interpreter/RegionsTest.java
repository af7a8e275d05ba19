package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.interpreter.RandomCode.Mode;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random code executed by single handlers, and by regions that are woven wherever execution comes
 * into a page: both end in the same state after the same number of instructions.
 */
class RegionsTest {
    private static final long ROUNDS = Long.getLong("carafe.regions.rounds", 3);
    private static final long SEED = Long.getLong("carafe.fuzz.seed", 20261125L);
    private static final int STARTS = 30;
    private static final long BUDGET = 2 * CodePage.SIZE + 500;
    private static final int MEMORY = 1 << 20;

    @ParameterizedTest
    @EnumSource(Mode.class)
    void regionsDoWhatTheirRecordsDo(Mode mode) {
        for (int round = 0; round < ROUNDS; round++) {
            long seed = SEED + 1000L * round + mode.ordinal();
            try (Vm plain = RandomCode.fresh(mode, HotRegions.Policy.NEVER);
                    Vm regions = RandomCode.fresh(mode, HotRegions.Policy.AT_ONCE)) {
                compare(plain, regions, mode, seed);
            }
        }
    }

    private static void compare(Vm plain, Vm regions, Mode mode, long seed) {
        Random forPlain = new Random(seed);
        Random forRegions = new Random(seed);
        for (int start = 0; start < STARTS; start++) {
            String name = mode + ", seed " + seed + ", start " + start;
            StopReason reason = run(plain, mode, forPlain, start);
            assertEquals(reason, run(regions, mode, forRegions, start), name);
            assertEquals(state(plain), state(regions), name);
            assertArrayEquals(plain.cpu.xmm, regions.cpu.xmm, name);
            assertArrayEquals(memory(plain), memory(regions), name);
            if (reason == StopReason.SHUTDOWN) {
                return;
            }
        }
    }

    private static StopReason run(Vm vm, Mode mode, Random random, int start) {
        if (start % 10 == 0) {
            vm.machine.bus.write(RandomCode.CODE_AT, RandomCode.bytes(random));
        }
        RandomCode.enter(vm, mode, random);
        vm.cpu.activity = Activity.RUNNING;
        return vm.run(BUDGET);
    }

    private static String state(Vm vm) {
        StringBuilder text = new StringBuilder();
        for (int register = 0; register < 16; register++) {
            text.append(Vm.hex(vm.reg(register))).append(' ');
        }
        return text.append("rip ")
                .append(Vm.hex(vm.cpu.rip))
                .append(" flags ")
                .append(Long.toHexString(vm.cpu.rflags()))
                .append(" cr2 ")
                .append(Long.toHexString(vm.cpu.control.cr2()))
                .append(" executed ")
                .append(vm.executed())
                .toString();
    }

    private static byte[] memory(Vm vm) {
        byte[] bytes = new byte[MEMORY];
        vm.machine.bus.read(0, bytes);
        return bytes;
    }
}
