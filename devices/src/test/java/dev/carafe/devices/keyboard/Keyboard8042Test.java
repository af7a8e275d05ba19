package dev.carafe.devices.keyboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.carafe.devices.RecordingLine;
import dev.carafe.devices.RecordingMachine;
import dev.carafe.devices.power.A20Gate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Keyboard8042Test {
    private final RecordingLine irq1 = new RecordingLine();
    private final RecordingLine irq12 = new RecordingLine();
    private final RecordingMachine machine = new RecordingMachine();
    private final A20Gate a20 = new A20Gate(open -> {});
    private final Keyboard8042 controller = new Keyboard8042(irq1, irq12, true, a20, machine);

    @Test
    void idleStatusIs1C() {
        assertEquals(0x1C, status());
    }

    @ParameterizedTest(name = "command {0} answers {1}")
    @CsvSource({"AA, 55", "AB, 00", "A9, 00", "C0, 80", "20, 65", "D0, 01"})
    void controllerCommandsAnswer(String command, String answer) {
        command(Integer.parseInt(command, 16));
        assertEquals(0x1D, status());
        assertEquals(Integer.parseInt(answer, 16), data());
        assertEquals(0x1C, status());
    }

    @ParameterizedTest(name = "keyboard command {0} answers {1}")
    @CsvSource({
        "FF, 'FA AA'",
        "F2, 'FA AB 41'",
        "EE, 'EE'",
        "F4, 'FA'",
        "F5, 'FA'",
        "F6, 'FA'",
        "'ED 07', 'FA FA'",
        "'F3 20', 'FA FA'",
        "'F0 02', 'FA FA'",
        "'F0 00', 'FA FA 41'",
        "00, 'FE'"
    })
    void keyboardCommandsAnswerTranslated(String commands, String answers) {
        StringBuilder read = new StringBuilder();
        for (String command : commands.split(" ")) {
            write(Integer.parseInt(command, 16));
            while ((status() & 1) != 0) {
                assertTrue(irq1.level(), "an interrupt per byte");
                read.append(String.format("%02X ", data()));
            }
        }
        assertEquals(answers, read.toString().trim());
    }

    @Test
    void withoutTranslationTheIdIsRaw() {
        command(0x60);
        write(0x05);
        write(0xF2);
        assertEquals(0xFA, data());
        assertEquals(0xAB, data());
        assertEquals(0x83, data());
    }

    @Test
    void everyByteMakesAnEdge() {
        write(0xFF);
        data();
        data();
        assertEquals(2, irq1.takeEdges());
        assertFalse(irq1.level());
    }

    @Test
    void keysArriveInSet1() {
        controller.press(0x1C, 0xF0, 0x1C); // A
        assertEquals(0x1E, data());
        assertEquals(0x9E, data());
        assertFalse((status() & 1) != 0);
        write(0xF5);
        data();
        controller.press(0x1C);
        assertEquals(0x1C - 0x08, status() & ~0x08 & 0x1D, "scanning is off");
    }

    @Test
    void aDisabledKeyboardHoldsItsBytes() {
        command(0xAD);
        controller.press(0x1C);
        assertEquals(0, status() & 1);
        command(0xAE);
        assertEquals(1, status() & 1);
    }

    @Test
    void theMouseAnswersWithTheAuxiliaryBit() {
        command(0xA8);
        command(0x60);
        write(0x47);
        command(0xD4);
        write(0xFF);
        assertEquals(0x21, status() & 0x21);
        assertTrue(irq12.level());
        assertEquals(0xFA, data());
        assertEquals(0xAA, data());
        assertEquals(0x00, data());
        command(0xD4);
        write(0xF2);
        assertEquals(0xFA, data());
        assertEquals(0x00, data());
    }

    @Test
    void anAbsentMouseStaysSilent() {
        Keyboard8042 alone = new Keyboard8042(irq1, irq12, false, a20, machine);
        alone.command().write(0, 1, 0xD4);
        alone.data().write(0, 1, 0xFF);
        assertEquals(0, alone.command().read(0, 1) & 1);
    }

    @Test
    void loopbackCommandsComeBack() {
        command(0xD2);
        write(0x42);
        assertEquals(0x42, data());
        command(0xD3);
        write(0x43);
        assertEquals(0x21, status() & 0x21);
        assertEquals(0x43, data());
    }

    @Test
    void pulsingBit0Resets() {
        command(0xFF);
        assertEquals("[]", machine.requests.toString());
        command(0xFE);
        assertEquals("[reset]", machine.requests.toString());
    }

    @Test
    void theOutputPortMovesA20AndReset() {
        a20.setFast(false);
        command(0xD1);
        write(0x03);
        assertTrue(a20.open());
        command(0xD0);
        assertEquals(0x03, data());
        command(0xDD);
        assertFalse(a20.open());
        command(0xDF);
        assertTrue(a20.open());
        command(0xD1);
        write(0x02);
        assertEquals("[reset]", machine.requests.toString());
    }

    @Test
    void aGuestThatNeverReadsDoesNotFillMemory() {
        for (int i = 0; i < 1000; i++) {
            command(0x20);
            write(0xF2);
        }
        assertTrue(controller.save().answers().size() <= 16);
        assertTrue(controller.save().keyboard().output().size() <= 64);
    }

    @Test
    void aSavedStateContinuesElsewhere() {
        write(0xF2);
        command(0xD4);
        Keyboard8042 other = new Keyboard8042(irq1, irq12, true, a20, machine);
        other.restore(controller.save());
        assertEquals(controller.save(), other.save());
        assertEquals(0xFA, other.data().read(0, 1));
        assertEquals(0xAB, other.data().read(0, 1));
    }

    private void command(int value) {
        controller.command().write(0, 1, value);
    }

    private void write(int value) {
        controller.data().write(0, 1, value);
    }

    private long data() {
        return controller.data().read(0, 1);
    }

    private long status() {
        return controller.command().read(0, 1);
    }
}
