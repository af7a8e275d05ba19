package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kernels with random damage either boot or are refused in one sentence; nothing else is thrown.
 */
class DamagedKernelTest {
    private static final int ROUNDS = 400;
    private static final int HEADERS = 64 + 4 * 56; // the ELF header and the program headers
    private static final int[] NASTY = {0, 1, 0x7F, 0x80, 0xFF};

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"kernel.elf", "tests/limine-dump-rev0.elf"})
    void damagedHeadersNeverBreakTheLoader(String guest) {
        byte[] good = PcMachine.guest(guest);
        Random random = new Random(1);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bad = good.clone();
            int places = 1 + random.nextInt(4);
            for (int i = 0; i < places; i++) {
                boolean nasty = random.nextBoolean();
                bad[random.nextInt(HEADERS)] =
                        (byte) (nasty ? NASTY[random.nextInt(NASTY.length)] : random.nextInt());
            }
            refused += isRefused(bad, "round " + round) ? 1 : 0;
        }
        int many = refused;
        assertTrue(many > ROUNDS / 4, () -> "most damage is noticed: " + many);
    }

    @Test
    void damagedRequestsNeverBreakTheLoader() {
        byte[] good = PcMachine.guest("tests/limine-dump-rev2.elf");
        Random random = new Random(2);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i < 64; i++) {
                bad[0x1000 + random.nextInt(0x1000)] ^= (byte) (1 << random.nextInt(8));
            }
            isRefused(bad, "round " + round);
        }
    }

    @Test
    void everyTruncationIsRefusedOrBoots() {
        byte[] good = PcMachine.guest("kernel.elf");
        for (int length = 0; length < good.length; length += 97) {
            isRefused(Arrays.copyOf(good, length), "length " + length);
        }
    }

    private static boolean isRefused(byte[] kernel, String what) {
        String sentence =
                assertDoesNotThrow(() -> PcMachine.booting(kernel).memory(32).refusal(), what);
        assertFalse(sentence.contains("\n"), () -> what + ": one line: " + sentence);
        return !sentence.isEmpty();
    }
}
