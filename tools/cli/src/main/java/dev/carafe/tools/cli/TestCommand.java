package dev.carafe.tools.cli;

import dev.carafe.tools.suite.SuiteCommand;
import dev.carafe.tools.suite.SuiteError;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code carafe test SUITE}. */
@Command(
        name = "test",
        description =
                "Runs the tests of a suite in parallel and judges them. The exit code is 0 when all pass, and 118"
                        + " otherwise.")
final class TestCommand implements Callable<Integer> {
    private static final int MOST_JOBS = 256;

    @Parameters(paramLabel = "SUITE.yaml", description = "the tests; see docs/manual/testing.md")
    private Path file;

    @Option(names = "--filter", paramLabel = "REGEX", description = "only tests of such a name")
    private String filter;

    @Option(names = "--list", description = "print names and command lines, and run nothing")
    private boolean list;

    @Option(names = "--jobs", description = "machines at once (default: as the cores carry)")
    private Integer jobs;

    @Option(names = "--junit", paramLabel = "FILE.xml", description = "results as JUnit's XML")
    private Path junit;

    @Option(names = "--json", paramLabel = "FILE", description = "results as JSON lines")
    private Path json;

    @Option(
            names = "--github",
            description = "annotations for GitHub (default there: GITHUB_ACTIONS=true)")
    private boolean github;

    @Override
    public Integer call() throws InterruptedException {
        if (jobs != null && (jobs < 1 || jobs > MOST_JOBS)) {
            throw new UsageError("--jobs " + jobs + " is not from 1 to " + MOST_JOBS);
        }
        Optional<Pattern> only =
                Optional.ofNullable(filter).map(regex -> PatternOption.parse("--filter", regex));
        SuiteCommand command =
                new SuiteCommand(
                        file,
                        only,
                        list,
                        Optional.ofNullable(jobs),
                        Optional.ofNullable(junit),
                        Optional.ofNullable(json),
                        github || "true".equals(System.getenv("GITHUB_ACTIONS")),
                        System.getenv("CI") == null && isTerminal());
        try {
            return command.run(carafe(), System.out);
        } catch (SuiteError e) {
            throw new UsageError(e.getMessage());
        } catch (IOException e) {
            throw new UsageError("results cannot be written: " + e.getMessage());
        }
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    /** This very program, with the JVM's options and cache that it was started with. */
    private static List<String> carafe() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!option.startsWith("-Dcarafe.") && !option.startsWith("-agentlib")) {
                command.add(option);
            }
        }
        command.add("-Dcarafe.terminal=false");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        return command;
    }
}
