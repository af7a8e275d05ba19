package dev.carafe.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapeKeysTest {
    @ParameterizedTest(name = "{0} means {1}")
    @CsvSource({
        "x,   FOR_GUEST",
        "^Cx, FOR_GUEST FOR_GUEST",
        "^A,  NOTHING",
        "^Ax, NOTHING QUIT",
        "^Ah, NOTHING HELP",
        "^A?, NOTHING HELP",
        "^Ac, NOTHING MONITOR",
        "^Ab, NOTHING BREAK",
        "^A^Ax, NOTHING FOR_GUEST FOR_GUEST",
        "^Azx, NOTHING NOTHING FOR_GUEST",
    })
    void ctrlABeginsACommand(String typed, String meanings) {
        EscapeKeys keys = new EscapeKeys(EscapeKeys.CTRL_A);
        StringBuilder seen = new StringBuilder();
        for (char c : typed.replace("^A", "\u0001").replace("^C", "\u0003").toCharArray()) {
            seen.append(seen.isEmpty() ? "" : " ").append(keys.take(c));
        }

        assertEquals(meanings, seen.toString());
    }
}
