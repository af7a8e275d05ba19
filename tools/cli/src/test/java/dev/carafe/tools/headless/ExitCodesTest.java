package dev.carafe.tools.headless;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.carafe.tools.board.Outcome;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExitCodesTest {
    static Stream<Arguments> outcomes() {
        return Stream.of(
                Arguments.of(new Outcome.PowerOff(), 0, 0),
                Arguments.of(new Outcome.Reset(), 0, 0),
                Arguments.of(new Outcome.Quit(), 0, 0),
                Arguments.of(new Outcome.TripleFault(false, ""), 112, 0),
                Arguments.of(new Outcome.TripleFault(true, ""), 0, 0),
                Arguments.of(new Outcome.DeadMachine(""), 114, 114),
                Arguments.of(new Outcome.InternalError(""), 70, 70));
    }

    @ParameterizedTest(name = "{0} ends with {1}, like QEMU with {2}")
    @MethodSource("outcomes")
    void eachEndHasItsCode(Outcome outcome, int code, int likeQemu) {
        assertEquals(code, ExitCodes.of(outcome, false));
        assertEquals(likeQemu, ExitCodes.of(outcome, true));
    }

    @ParameterizedTest(name = "code {0} of isa-debug-exit reaches the shell as {1}")
    @CsvSource({"1, 1", "33, 33", "35, 35", "255, 255", "257, 1", "-1, 255"})
    void theHostKeepsEightBitsOfAGuestsCode(int guests, int hosts) {
        assertEquals(hosts, ExitCodes.of(new Outcome.Exit(guests), false));
    }

    @Test
    void verdictsCannotBeMistakenForAGuestsOwnCode() {
        assertEquals(0, ExitCodes.TRIPLE_FAULT % 2, "isa-debug-exit makes odd codes");
        assertEquals(0, ExitCodes.DEAD_MACHINE % 2, "isa-debug-exit makes odd codes");
    }
}
