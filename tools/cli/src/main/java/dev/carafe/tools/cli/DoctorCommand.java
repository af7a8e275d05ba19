package dev.carafe.tools.cli;

import dev.carafe.firmware.BootException;
import dev.carafe.tools.board.BootFiles;
import dev.carafe.tools.board.Configuration;
import dev.carafe.tools.board.HostWires;
import dev.carafe.tools.board.InstructionLoading;
import dev.carafe.tools.board.MachinePlan;
import dev.carafe.tools.board.Outcome;
import dev.carafe.tools.board.PcBoard;
import dev.carafe.tools.board.SerialWire;
import dev.carafe.tools.headless.ExitCodes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code carafe doctor}: whether this host has what Carafe needs, and what it could use. */
@Command(
        name = "doctor",
        description =
                "Checks this host, and boots the embedded kernel on it. The exit code is 0 when Carafe works.")
final class DoctorCommand implements Callable<Integer> {
    private static final String CACHE = "-XX:AOTCache=";
    private static final int NEEDED_JAVA = 25;

    private boolean works = true;

    @Override
    public Integer call() {
        check(
                Runtime.version().feature() >= NEEDED_JAVA,
                "Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")",
                "Carafe needs Java " + NEEDED_JAVA + " or newer");
        int cores = Runtime.getRuntime().availableProcessors();
        line("ok", cores + " host cores: up to " + cores + " vCPUs run at the same time");
        line("ok", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        cache();
        tool("gdb", "--version", "symbols on every CPU with -s");
        tool("stty", "--version", "single keys with -nographic and mon:stdio");
        memory();
        boot();
        System.out.println(works ? "Carafe works here." : "Carafe does not work here.");
        return works ? ExitCodes.SUCCESS : ExitCodes.USAGE;
    }

    private void check(boolean holds, String what, String otherwise) {
        line(holds ? "ok" : "bad", holds ? what : what + ": " + otherwise);
        works &= holds;
    }

    private static void line(String verdict, String text) {
        System.out.printf("%-5s %s%n", verdict, text);
    }

    private static void cache() {
        Optional<Path> cache =
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(option -> option.startsWith(CACHE))
                        .map(option -> Path.of(option.substring(CACHE.length())))
                        .findFirst();
        if (cache.isPresent() && Files.isReadable(cache.get())) {
            line("ok", "start-up cache " + cache.get());
        } else {
            line("note", "no start-up cache: each start takes some 0.3 s longer");
        }
    }

    private static void tool(String name, String option, String use) {
        try {
            Process process =
                    new ProcessBuilder(List.of(name, option)).redirectErrorStream(true).start();
            process.getOutputStream().close();
            byte[] said = process.getInputStream().readAllBytes();
            process.waitFor();
            String first =
                    new String(said, StandardCharsets.UTF_8).lines().findFirst().orElse(name);
            line("ok", first + ", for " + use);
        } catch (IOException e) {
            line("note", name + " is not installed; it gives " + use);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void memory() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof com.sun.management.OperatingSystemMXBean host) {
            line("ok", (host.getFreeMemorySize() >> 20) + " MiB of memory are free");
        }
    }

    private void boot() {
        Configuration configuration =
                ((Request.Boot) OptionParser.parse(List.of("-smp", "2", "-display", "none")))
                        .configuration();
        LogSetup.start(configuration.log());
        StringBuilder said = new StringBuilder();
        HostWires wires =
                new HostWires(
                        List.of(Optional.of(new SerialWire(value -> said.append((char) value)))),
                        List.of());
        try (PcBoard board =
                new PcBoard(
                        MachinePlan.of(configuration, 0),
                        configuration,
                        BootFiles.read(configuration.boot()),
                        wires,
                        InstructionLoading.start())) {
            boolean online =
                    board.run() instanceof Outcome.PowerOff
                            && said.indexOf("All 2 CPUs are online") >= 0;
            check(online, "the embedded kernel boots on 2 vCPUs", "it said:\n" + said);
        } catch (BootException e) {
            check(false, "the embedded kernel", e.getMessage());
        }
    }
}
