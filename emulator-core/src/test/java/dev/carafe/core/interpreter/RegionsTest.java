package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.cpu.Registers;
import dev.carafe.core.interpreter.RandomCode.Mode;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /**
     * A function that calls itself: its calls and returns stay in one region, whose calls are
     * linked once it is woven at the second place where the page is entered.
     */
    @ParameterizedTest(name = "depth {0}, budget {1}")
    @CsvSource({"0, 9000", "1, 20000", "40, 20000", "200, 12000", "200, 12001", "200, 12013"})
    void callsAndReturnsStayExact(int depth, long budget) {
        try (Vm plain = Vm.bare(HotRegions.Policy.NEVER);
                Vm regions = Vm.bare(HotRegions.Policy.AT_ONCE)) {
            for (int entry = 0; entry < 3; entry++) {
                StopReason reason = recurse(plain, depth, budget, entry);
                assertEquals(reason, recurse(regions, depth, budget, entry));
                assertEquals(state(plain), state(regions));
                assertArrayEquals(memory(plain), memory(regions));
            }
        }
    }

    private static StopReason recurse(Vm vm, int depth, long budget, int entry) {
        vm.code(Vm.CODE, "90 90 90 57 E8 07 00 00 00 5F FF C8 75 F5 F4"); // RAX times
        vm.code(
                Vm.CODE + 0x10,
                "48 85 FF 74 0E 57 48 FF CF E8 F2 FF FF FF 5F 48 01 FB C3 31 DB C3");
        vm.set(Registers.RAX, 300).set(Registers.RDI, depth).set(Registers.RSP, Vm.STACK);
        vm.cpu.rip = Vm.CODE + entry;
        vm.cpu.activity = Activity.RUNNING;
        return vm.run(budget);
    }

    /** The return address, which ends in F4, becomes a HLT where the call leads to. */
    @ParameterizedTest
    @EnumSource(HotRegions.Policy.class)
    void aCallThatOverwritesItsTargetExecutesWhatItHasWritten(HotRegions.Policy policy) {
        long target = Vm.CODE + 0x200;
        try (Vm vm = Vm.bare(policy)) {
            vm.code(Vm.CODE + 0xEC, "90 90 90 E8 0C 01 00 00 F4");
            vm.code(target, "FF C3 FF C3 F4"); // INC EBX, twice
            for (int entry = 0; entry < 3; entry++) {
                vm.set(Registers.RBX, 0).set(Registers.RSP, Vm.STACK).from(Vm.CODE + 0xEC + entry);
                assertEquals(2, vm.reg(Registers.RBX));
            }

            vm.set(Registers.RBX, 0).set(Registers.RSP, target + 8).from(Vm.CODE + 0xEC + 2);

            assertEquals(0, vm.reg(Registers.RBX));
            assertEquals(target + 1, vm.cpu.rip);
        }
    }

    /**
     * A loop of sixty-four instructions, which fill a region, and a record behind them that goes
     * back to the loop's tail, which was decoded first: what is woven for that exit must not begin
     * with the record itself, which would come back to itself for ever once there is an event or no
     * budget.
     */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void codeThatARegionOftenLeadsToIsWovenAndStaysExact() {
        try (Vm plain = Vm.bare(HotRegions.Policy.NEVER);
                Vm regions = Vm.bare(HotRegions.Policy.AT_ONCE)) {
            for (Vm vm : List.of(plain, regions)) {
                vm.code(Vm.CODE, "FF C0 ".repeat(62) + "FF C9 0F 85 7C FF FF FF F4");
                vm.set(Registers.RAX, 0).set(Registers.RCX, 1).from(Vm.CODE + 124);
                vm.set(Registers.RCX, 30_000);
                vm.cpu.rip = Vm.CODE;
                vm.cpu.activity = Activity.RUNNING;
            }
            for (int part = 0; part < 40; part++) {
                assertEquals(plain.run(49_999), regions.run(49_999));
                assertEquals(state(plain), state(regions));
            }
            assertEquals(62 * 30_000, regions.reg(Registers.RAX));
            assertEquals(Activity.HALTED, regions.cpu.activity);
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
