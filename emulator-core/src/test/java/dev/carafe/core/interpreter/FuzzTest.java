package dev.carafe.core.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.core.cpu.Activity;
import dev.carafe.core.cpu.CodePage;
import dev.carafe.core.interpreter.RandomCode.Mode;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random code executed in every mode: whatever it means, the guest gets exceptions at worst. The
 * system properties {@code carafe.fuzz.seed} and {@code carafe.fuzz.streams} ask for another run,
 * or for more streams in each mode.
 */
class FuzzTest {
    private static final long STREAMS = Long.getLong("carafe.fuzz.streams", 5_000);
    private static final long SEED = Long.getLong("carafe.fuzz.seed", 20261120L);
    private static final int STARTS = 60;

    /** The last instructions of a budget are executed one by one: a short stream is stepped. */
    private static final long STEPPED = 60;

    private static final long LONG = 2 * CodePage.SIZE + 300;
    private static final int LONG_ONE_IN = 30;

    @ParameterizedTest
    @EnumSource(Mode.class)
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void nothingButExceptionsOfTheGuestComesOfRandomCode(Mode mode) {
        Random random = new Random(SEED + mode.ordinal());
        System.out.println("fuzz " + mode + ": carafe.fuzz.seed=" + SEED);
        long streams = 0;
        long executed = 0;
        int round = 0;
        while (streams < STREAMS) {
            try (Vm vm = RandomCode.fresh(mode, HotRegions.Policy.WHEN_HOT)) {
                streams +=
                        life(
                                vm,
                                mode,
                                random,
                                "seed %d, %s, round %d".formatted(SEED, mode, round));
                executed += vm.executed();
            }
            round++;
        }
        System.out.println(
                "fuzz " + mode + ": " + streams + " streams, " + executed + " instructions");
        assertTrue(executed >= STREAMS, "almost every stream executes something");
    }

    /** Streams that are run until the guest has ruined itself. */
    private static long life(Vm vm, Mode mode, Random random, String name) {
        long streams = 0;
        for (int generation = 0; generation < 40; generation++) {
            vm.machine.bus.write(RandomCode.CODE_AT, RandomCode.bytes(random));
            for (int start = 0; start < STARTS; start++) {
                RandomCode.enter(vm, mode, random);
                streams++;
                if (!stream(vm, name, start % LONG_ONE_IN == 0 ? LONG : STEPPED)) {
                    return streams;
                }
                vm.cpu.activity = Activity.RUNNING;
            }
        }
        return streams;
    }

    /** Whether the guest can go on. */
    private static boolean stream(Vm vm, String name, long budget) {
        long before = vm.executed();
        long rip = vm.cpu.rip;
        StopReason reason;
        try {
            reason = vm.run(budget);
        } catch (RuntimeException | Error defect) {
            throw new AssertionError(
                    name + " from " + Long.toHexString(rip) + " at " + Long.toHexString(vm.cpu.rip),
                    defect);
        }
        long done = vm.executed() - before;
        assertTrue(done >= 0 && done <= budget, () -> name + " executed " + done);
        if (reason == StopReason.BUDGET) {
            assertEquals(budget, done, name);
        }
        return reason != StopReason.SHUTDOWN && vm.cpu.activity != Activity.SHUTDOWN;
    }
}
