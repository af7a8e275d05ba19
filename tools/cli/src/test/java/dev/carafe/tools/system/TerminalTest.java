package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real terminal: raw while a guest has it, and afterwards as it was, however the run ends. Python
 * makes the pseudo-terminal; where there is none, these tests are skipped.
 */
class TerminalTest {
    /**
     * Runs a command on a new terminal, ends it as asked, prints what came out and the settings.
     */
    private static final String DRIVER =
            """
            import os, pty, signal, sys, termios
            how, command = sys.argv[1], sys.argv[2:]
            master, slave = pty.openpty()
            before = termios.tcgetattr(slave)
            child = os.fork()
            if child == 0:
                os.close(master)
                os.setsid()
                for fd in (0, 1, 2):
                    os.dup2(slave, fd)
                os.execvp(command[0], command)
            seen = b""
            while b"READY" not in seen:
                seen += os.read(master, 4096)
            raw = None
            while raw is None or raw[3] & termios.ICANON:
                raw = termios.tcgetattr(slave)
            print("echo", bool(raw[3] & termios.ECHO))
            if how == "keys":
                os.write(master, b"\\x01x")
            elif how == "exit":
                os.write(master, b"q")
            else:
                os.kill(child, signal.SIGTERM)
            _, status = os.waitpid(child, 0)
            print("status", os.waitstatus_to_exitcode(status))
            print("restored", termios.tcgetattr(slave) == before)
            """;

    @TempDir Path folder;

    @BeforeEach
    void needsPython() throws InterruptedException {
        boolean there;
        try {
            Process probe =
                    new ProcessBuilder(
                                    "python3",
                                    "-c",
                                    "import pty, termios, os; os.waitstatus_to_exitcode")
                            .redirectErrorStream(true)
                            .start();
            there = probe.waitFor() == 0;
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(there, "python3 with pseudo-terminals");
    }

    @ParameterizedTest(name = "ended by {0}")
    @ValueSource(strings = {"keys", "signal", "exit"})
    void theTerminalIsRawForTheGuestAndRestoredAfterwards(String how) throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("READY");
        guest.bytes(0x66, 0xBA, 0xFD, 0x03, 0xEC, 0xA8, 0x01, 0x74, 0xFB); // until LSR.DR is set
        guest.exit(0);

        List<String> said = drive(how, guest);

        assertEquals("echo False", said.get(0), "the guest echoes, not the terminal");
        String status =
                switch (how) {
                    case "keys" -> "status 0";
                    case "exit" -> "status 1";
                    default -> "status 143";
                };
        assertEquals(status, said.get(1));
        assertEquals("restored True", said.get(2));
    }

    private List<String> drive(String how, TinyGuest guest) throws Exception {
        Path kernel = folder.resolve("guest.elf");
        Path driver = folder.resolve("driver.py");
        Files.write(kernel, guest.elf());
        Files.writeString(driver, DRIVER);
        List<String> command = new ArrayList<>(List.of("python3", driver.toString(), how));
        List<String> carafe =
                CarafeProcess.command(
                        List.of(
                                "-kernel",
                                kernel.toString(),
                                "-serial",
                                "mon:stdio",
                                "-display",
                                "none",
                                "-device",
                                "isa-debug-exit,iobase=0xf4,iosize=4"));
        command.addAll(
                carafe.stream().filter(word -> !word.startsWith("-Dcarafe.terminal")).toList());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        int code = CarafeProcess.await(process);
        String text = new String(process.getInputStream().readAllBytes());
        assertEquals(0, code, text);
        return text.lines().toList();
    }
}
