package dev.carafe.core.isa.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.carafe.core.cpu.Registers;
import dev.carafe.core.entropy.Entropy;
import dev.carafe.core.interpreter.Vm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RDRAND and RDSEED (SDM Vol. 2). The source of the tests' machines is seeded with 1. */
class RandomOpsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "48 0F C7 F0,   FFFFFFFFFFFFFFFF, 0",
        "0F C7 F0,      00000000FFFFFFFF, 0",
        "66 0F C7 F0,   000000000000FFFF, 1122334455660000",
        "48 0F C7 F8,   FFFFFFFFFFFFFFFF, 0",
        "0F C7 F8,      00000000FFFFFFFF, 0",
    })
    void aNumberOfTheSourceArrivesAndCarryIsSet(String code, String mask, String kept) {
        long expected = Entropy.seeded(1).next() & Long.parseUnsignedLong(mask, 16);
        try (Vm vm = Vm.bare()) {
            vm.rax("1122334455667788").flags(0x8D7).execute(code);

            assertEquals(expected | Long.parseUnsignedLong(kept, 16), vm.reg(Registers.RAX));
            assertEquals("CF", vm.flags());
        }
    }

    @Test
    void theSameSeedGivesTheSameNumbersAndAnotherOthers() {
        Entropy one = Entropy.seeded(7);
        Entropy same = Entropy.seeded(7);
        long first = one.next();

        assertEquals(first, same.next());
        assertNotEquals(first, one.next());
        assertNotEquals(first, Entropy.seeded(8).next());
    }

    @ParameterizedTest
    @CsvSource({"max,0F C7 F0", "max,0F C7 F8"})
    void withoutTheFeatureThereIsNoInstruction(String model, String code) {
        try (Vm vm = Vm.bare(model + ",-rdrand,-rdseed")) {
            assertEquals(6, vm.execute(code).vector());
        }
    }
}
