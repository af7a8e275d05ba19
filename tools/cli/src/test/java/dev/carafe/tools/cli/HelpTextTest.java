package dev.carafe.tools.cli;

import static dev.carafe.tools.cli.Parsed.printed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scripts and people ask for. */
class HelpTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"-version", "--version", "-smp 2 -version", "-version -foo"})
    void theVersionsFirstLineIsWhatScriptsLookFor(String options) {
        assertEquals(
                "QEMU emulator version 7.2.0 (Carafe 0.1.0)",
                printed(options).lines().findFirst().orElseThrow());
    }

    @ParameterizedTest(name = "{0} has a line {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            -device help     | name "isa-debug-exit", bus ISA
            -device ?        | name "isa-debug-exit", bus ISA
            -machine help    | q35                           Standard PC (Q35 + ICH9, 2009)
            -M ?             | pc                            Standard PC (i440FX + PIIX, 1996) (default)
            -cpu help        | x86 qemu64                    QEMU Virtual CPU version 2.5+
            -cpu ?           | x86 max                       every feature that Carafe has (default)
            -d help          | guest_errors                  what the guest does against a device's or the bus's rules
            -accel help      | tcg
            -chardev help    | '  socket'
            -display help    | none
            -vga help        | none                 no graphic card (default)
            -device isa-debug-exit,help | isa-debug-exit options:
            -device pc-testdev,? | There are no options for pc-testdev.
            -help            | -enable-kvm                   Carafe interprets every instruction, there is no acceleration
            --help           | -no-reboot                    a reset of the guest ends the run
            -h               | -d ITEM,...                   log these, -d help lists them
            -help            | --screenshot FILE.png         write the framebuffer there at exit
            """)
    void helpHasOneThingInALine(String options, String line) {
        assertTrue(printed(options).lines().anyMatch(line::equals), printed(options));
    }

    @Test
    void everyOptionThatWorksHasALineOfHelpAtColumnZeroAndAnArmInTheParser() {
        String help = printed("-help");
        for (Option option : OptionTable.OPTIONS) {
            if (option.treatment() == Option.Treatment.CONFIGURES) {
                String pattern = "(?m)^--?" + option.name() + " ";
                assertTrue(
                        java.util.regex.Pattern.compile(pattern).matcher(help).find(),
                        option.name());
            }
        }
    }

    @Test
    void theManualHasEveryOption() throws java.io.IOException {
        java.nio.file.Path manual = java.nio.file.Path.of("../../docs/manual/reference.md");
        String text = java.nio.file.Files.readString(manual);
        for (Option option : OptionTable.OPTIONS) {
            String pattern = "(?m)^\\| `--?" + option.name() + "[ `]";
            assertTrue(
                    java.util.regex.Pattern.compile(pattern).matcher(text).find(), option.name());
        }
    }
}
