package dev.carafe.devices.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.devices.RecordingLine;
import dev.carafe.devices.RecordingMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResetAndExitTest {
    private final RecordingMachine machine = new RecordingMachine();
    private final RecordingLine a20Line = new RecordingLine();
    private final A20Gate a20 = new A20Gate(a20Line);

    @Test
    void cf9ResetsWhenBit2Rises() {
        ResetControl control = new ResetControl(machine);
        control.write(0, 1, 2);
        assertEquals("[]", machine.requests.toString());
        assertEquals(2, control.read(0, 1));
        control.write(0, 1, 6);
        assertEquals("[reset]", machine.requests.toString());
    }

    @Test
    void port92ResetsTheProcessorsOnARisingBitAndKeepsIt() {
        Port92 port = new Port92(a20, () -> machine.requests.add("init"));
        assertEquals(0x02, port.read(0, 1));
        port.write(0, 1, 3);
        port.write(0, 1, 3);
        assertEquals("[init]", machine.requests.toString());
        assertEquals(0x03, port.read(0, 1));
    }

    @Test
    void a20IsOpenWhileEitherMasterOpensIt() {
        Port92 port = new Port92(a20, () -> {});
        assertTrue(a20.open());
        port.write(0, 1, 0);
        assertFalse(a20.open());
        a20.setKeyboard(true);
        assertTrue(a20Line.level());
        assertTrue(a20.open());
    }

    @ParameterizedTest(name = "{1} bytes of {0} exit with {2}")
    @CsvSource({"0, 4, 1", "16, 4, 33", "17, 1, 35", "3, 2, 7"})
    void debugExitMakesAnOddExitCode(int value, int size, int code) {
        new DebugExit(machine).write(0, size, value);
        assertEquals("[exit " + code + "]", machine.requests.toString());
    }

    @Test
    void debugConsolePrintsAndCanBeFound() {
        StringBuilder text = new StringBuilder();
        DebugConsole console = new DebugConsole(c -> text.append((char) c));
        console.write(0, 1, 'o');
        console.write(0, 1, 'k');
        assertEquals("ok", text.toString());
        assertEquals(0xE9, console.read(0, 1));
    }

    @Test
    void theOldShutdownPorts() {
        ShutdownPort bochs = new ShutdownPort(0x2000, machine);
        bochs.write(0, 2, 0x3400);
        bochs.write(0, 1, 0x20);
        assertEquals("[]", machine.requests.toString());
        bochs.write(0, 2, 0x2000);
        assertEquals("[power off]", machine.requests.toString());
    }

    @ParameterizedTest(name = "\"{0}\" makes {1} requests")
    @CsvSource({
        "Shutdown, 1",
        "Shutdow, 0",
        "ShutShutdown, 1",
        "shutdown, 0",
        "SShutdownShutdown, 2"
    })
    void theShutdownString(String text, int requests) {
        ShutdownString port = new ShutdownString(machine);
        text.chars().forEach(c -> port.write(0, 1, c));
        assertEquals(requests, machine.requests.size());
    }
}
