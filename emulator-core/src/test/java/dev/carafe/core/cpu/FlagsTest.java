package dev.carafe.core.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * Every 8-bit addition, subtraction, increment and decrement against the definitions of SDM Vol. 1,
 * "Status Flags".
 */
class FlagsTest {
    private final Flags flags = new Flags();

    @Test
    void everyByteAdditionFollowsTheDefinitions() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                for (int carry = 0; carry < 2; carry++) {
                    int sum = a + b + carry;
                    flags.afterAdd(Width.W8, a, b, sum & 0xFF);

                    int signed = (byte) a + (byte) b + carry;
                    boolean auxiliary = (a & 15) + (b & 15) + carry > 15;
                    assertEquals(
                            image(sum, sum > 255, auxiliary, signed != (byte) signed), flags.get());
                }
            }
        }
    }

    @Test
    void everyByteSubtractionFollowsTheDefinitions() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                for (int borrow = 0; borrow < 2; borrow++) {
                    int difference = a - b - borrow;
                    flags.afterSubtract(Width.W8, a, b, difference & 0xFF);

                    int signed = (byte) a - (byte) b - borrow;
                    boolean auxiliary = (a & 15) - (b & 15) - borrow < 0;
                    assertEquals(
                            image(difference, difference < 0, auxiliary, signed != (byte) signed),
                            flags.get());
                    assertEquals(
                            signed < 0, flags.less(), "less is the sign of the true difference");
                }
            }
        }
    }

    @Test
    void incrementAndDecrementKeepCarry() {
        for (int a = 0; a < 256; a++) {
            for (int carry = 0; carry < 2; carry++) {
                flags.set(carry);
                flags.afterIncrement(Width.W8, a, a + 1 & 0xFF);
                assertEquals(image(a + 1, carry != 0, (a & 15) == 15, a == 0x7F), flags.get());

                flags.set(carry);
                flags.afterDecrement(Width.W8, a, a - 1 & 0xFF);
                assertEquals(image(a - 1, carry != 0, (a & 15) == 0, a == 0x80), flags.get());
            }
        }
    }

    @Test
    void everyCombinationOfFlagsCanBeSetAndReadBack() {
        for (int image = 0; image < 0x1000; image++) {
            flags.set(image);
            assertEquals(image & Flags.STATUS, flags.get());
            assertEquals((image & Flags.SF) != 0 != ((image & Flags.OF) != 0), flags.less());

            flags.setCarry((image & Flags.CF) == 0);
            assertEquals(image & Flags.STATUS ^ Flags.CF, flags.get(), "only CF changes");
            flags.setOverflow((image & Flags.OF) == 0);
            flags.setZero((image & Flags.ZF) == 0);
            assertEquals(image & Flags.STATUS ^ (Flags.CF | Flags.OF | Flags.ZF), flags.get());
        }
    }

    @Test
    void aProductOfZeroHasZeroFlagClear() {
        flags.afterMultiply(Width.W32, 0, 0);

        assertEquals(Flags.PF, flags.get());
    }

    private static int image(int result, boolean carry, boolean auxiliary, boolean overflow) {
        int low = result & 0xFF;
        return (carry ? Flags.CF : 0)
                | ((Integer.bitCount(low) & 1) == 0 ? Flags.PF : 0)
                | (auxiliary ? Flags.AF : 0)
                | (low == 0 ? Flags.ZF : 0)
                | (low > 127 ? Flags.SF : 0)
                | (overflow ? Flags.OF : 0);
    }
}
