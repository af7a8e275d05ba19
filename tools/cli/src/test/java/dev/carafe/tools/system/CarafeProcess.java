package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command as a process of its own, where exit code, streams and signals are the subject. */
final class CarafeProcess {
    static final int LIMIT_SECONDS = 60;

    /** What a shell says of a process that SIGTERM ended: 128 + 15. */
    static final int TERMINATED = 143;

    private final Path folder;

    /** Keeps what a process writes in a folder. */
    CarafeProcess(Path folder) {
        this.folder = folder;
    }

    /** How a process ended. */
    record Result(int exitCode, String output, String errors) {
        /** The process refused: exit code 1, silence, and one sentence that names the value. */
        void assertRefusal(String value) {
            assertEquals(1, exitCode, this::toString);
            assertEquals("", output, "nothing on standard output");
            assertEquals(1, errors.lines().count(), () -> "one line: " + errors);
            assertTrue(errors.startsWith("carafe: "), errors);
            assertTrue(errors.contains(value), () -> "'" + value + "' is named: " + errors);
            assertTrue(!errors.contains("Exception") && !errors.contains("\tat "), errors);
        }
    }

    static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dcarafe.terminal=false",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.carafe.tools.cli.Main"));
        command.addAll(arguments);
        return command;
    }

    /** Starts the command; the caller has its streams. */
    static Process start(String... arguments) throws IOException {
        return new ProcessBuilder(command(List.of(arguments)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Runs the command to its end, with nothing to read. */
    Result run(String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("stdout");
        Path errors = folder.resolve("stderr");
        Process process =
                new ProcessBuilder(command(List.of(arguments)))
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        process.getOutputStream().close();
        int code = await(process);
        return new Result(code, text(output), text(errors));
    }

    /** The exit code; a process that does not end fails the test. */
    static int await(Process process) throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("the process did not end");
        }
        return process.exitValue();
    }

    static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
