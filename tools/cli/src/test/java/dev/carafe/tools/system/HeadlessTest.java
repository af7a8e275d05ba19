package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that nobody watches: what is expected of the guest's output, and what comes of it. */
class HeadlessTest {
    private static final int EXPECTATION = 118;

    @TempDir Path folder;
    private CarafeProcess carafe;

    @BeforeEach
    void makeCarafe() {
        carafe = new CarafeProcess(folder);
    }

    private CarafeProcess.Result run(TinyGuest guest, String... options) throws Exception {
        Path kernel = folder.resolve("guest.elf");
        Files.write(kernel, guest.elf());
        List<String> all = new ArrayList<>(List.of("-kernel", kernel.toString()));
        all.addAll(List.of("-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-display", "none"));
        all.add("--no-verdict"); // guests here may spin for ever
        all.addAll(List.of(options));
        return carafe.run(all.toArray(String[]::new));
    }

    @Test
    void aGuestThatNeverEndsIsEndedWhenItHasSaidWhatIsExpected() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("one\ntwo three\n").spin();

        CarafeProcess.Result result = run(guest, "--expect", "one", "--expect", "t\\w+ee$");

        assertEquals(
                "0 one\ntwo three\n ",
                result.exitCode() + " " + result.output() + " " + result.errors());
    }

    @Test
    void aForbiddenTextEndsTheRunAfterTheGuestsLastWords() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("PANIC: x\n  at y\n").spin();

        CarafeProcess.Result result = run(guest, "--expect", "never", "--fail-on", "^PANIC");

        assertEquals(EXPECTATION, result.exitCode(), result::toString);
        assertEquals("PANIC: x\n  at y\n", result.output());
        assertEquals("carafe: --fail-on '^PANIC': the guest said: PANIC: x\n", result.errors());
    }

    @Test
    void nothingIsToldOfAGuestThatHangsOnceItHasSaidWhatDecides() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("done\n").halt();
        Path kernel = folder.resolve("guest.elf");
        Files.write(kernel, guest.elf());
        Path json = folder.resolve("reports");

        CarafeProcess.Result result =
                carafe.run(
                        "-kernel",
                        kernel.toString(),
                        "-display",
                        "none",
                        "--report-json",
                        json.toString(),
                        "--fail-on",
                        "done");

        assertEquals(EXPECTATION, result.exitCode(), result::toString);
        assertEquals("carafe: --fail-on 'done': the guest said: done\n", result.errors());
        assertEquals("", Files.readString(json));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "--limit-instructions, 1000000, 'limit of 1,000,000 instructions'",
        "--limit-seconds, 1, limit of 1 s"
    })
    void aLimitEndsTheRunWithAWordOnEveryCpu(String option, String value, String why)
            throws Exception {
        CarafeProcess.Result result = run(TinyGuest.untagged().spin(), "-smp", "2", option, value);

        assertEquals(124, result.exitCode(), result::toString);
        assertTrue(result.errors().startsWith("carafe: TIMEOUT after "), result::errors);
        assertTrue(result.errors().contains(why), result::errors);
        assertTrue(result.errors().contains("CPU 0 at 0xffffffff80000000"), result::errors);
        assertTrue(result.errors().contains("CPU 1 waits for SIPI"), result::errors);
    }

    @ParameterizedTest(name = "a guest that ends with {0}: {1}")
    @CsvSource({"exit code 33, 118", "a triple fault, 112"})
    void whatWasExpectedAndDidNotComeIsAFailureUnlessSomethingWorseIs(String end, int code)
            throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("a");
        guest = end.startsWith("exit") ? guest.exit(0x10) : guest.ud2();

        CarafeProcess.Result result = run(guest.spin(), "--expect", "a$", "--expect", "b");

        assertEquals(code, result.exitCode(), result::toString);
        assertTrue(
                result.errors().contains("carafe: --expect 'b': the guest has not said it"),
                result::errors);
    }

    @Test
    void theDebugConsoleIsWatchedToo() throws Exception {
        TinyGuest guest = TinyGuest.untagged().out8(0xE9, '!').spin();

        CarafeProcess.Result result =
                run(guest, "-debugcon", "file:" + folder.resolve("d"), "--expect", "!");

        assertEquals(0, result.exitCode(), result::toString);
    }

    /** Nothing behind the OUT is executed, whatever it is. */
    @Test
    void isaDebugExitStopsTheProcessorAtTheOut() throws Exception {
        TinyGuest guest = TinyGuest.untagged().print("a").exit(0x10).exit(0x11).print("b").spin();
        for (int i = 0; i < 5; i++) {
            CarafeProcess.Result result = run(guest, "-serial", "stdio");

            assertEquals("33 a", result.exitCode() + " " + result.output());
        }
    }

    @Test
    void theProcessFileHoldsTheNumberAndGoesAway() throws Exception {
        Path file = folder.resolve("pid");

        CarafeProcess.Result result =
                run(TinyGuest.untagged().exit(0), "-pidfile", file.toString());

        assertEquals(1, result.exitCode(), result::toString);
        assertTrue(Files.notExists(file));
        run(TinyGuest.untagged().exit(0), "-pidfile", folder + "/no/pid").assertRefusal("no/pid");
    }
}
