package dev.carafe.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A distribution's unmodified kernel with a busybox shell. The files are not ours: tools/guests.sh
 * fetches them, and without them the test is skipped.
 */
class LinuxBootTest {
    private static final int PROCESSORS = 2;
    private static final int LIMIT_SECONDS = 900;

    /** What a kernel says about hardware that does not behave. */
    private static final Pattern COMPLAINT =
            Pattern.compile("BUG|WARNING|lockup|unexpected|unstable|Call Trace|Oops|Kernel panic");

    private static final String INIT =
            """
            #!/bin/busybox sh
            busybox mount -t proc proc /proc
            busybox mount -t sysfs sysfs /sys
            busybox echo "shell of $(busybox uname -r) says nproc=$(busybox nproc)"
            busybox echo "online $(busybox cat /sys/devices/system/cpu/online)"
            busybox echo "clock $(busybox cat /sys/devices/system/clocksource/clocksource0/current_clocksource)"
            busybox sleep 1
            busybox echo "slept, and $(busybox seq 1 100 | busybox awk '{ s += $1 } END { print s }')"
            busybox poweroff -f
            """;

    private static Path guests;

    @BeforeAll
    static void findTheFiles() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache);
        guests = base.resolve("carafe").resolve("guests");
    }

    @Test
    void linuxBootsToAShellSeesBothProcessorsComplainsOfNothingAndPowersOff() throws IOException {
        Optional<Path> kernel = kernel();
        Path busybox = guests.resolve("bin/busybox");
        assumeTrue(
                kernel.isPresent() && Files.isReadable(busybox),
                "no kernel and busybox in " + guests + ": tools/guests.sh fetches them");
        byte[] initrd =
                new CpioArchive()
                        .directory("bin")
                        .directory("dev")
                        .directory("proc")
                        .directory("sys")
                        .program("bin/busybox", Files.readAllBytes(busybox))
                        .program("init", INIT)
                        .end();

        PcMachine.Run run =
                PcMachine.booting(Files.readAllBytes(kernel.get()))
                        .cpus(PROCESSORS)
                        .memory(512)
                        .commandLine("console=ttyS0 panic=-1")
                        .module("initrd", initrd)
                        .limit(LIMIT_SECONDS)
                        .run();

        List<String> complaints = run.lines().stream().filter(COMPLAINT.asPredicate()).toList();
        assertEquals(List.of(), complaints, run::serial);
        assertSaid(run, "says nproc=" + PROCESSORS);
        assertSaid(run, "online 0-1");
        assertSaid(run, "clock tsc");
        assertSaid(run, "slept, and 5050");
        assertEquals(0, run.exitCode(), run::serial);
    }

    private static void assertSaid(PcMachine.Run run, String text) {
        assertTrue(run.serial().contains(text), () -> "'" + text + "' is missing: " + run.serial());
    }

    private static Optional<Path> kernel() throws IOException {
        Path boot = guests.resolve("boot");
        if (!Files.isDirectory(boot)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(boot)) {
            return files.filter(f -> f.getFileName().toString().startsWith("vmlinuz")).findFirst();
        }
    }
}
