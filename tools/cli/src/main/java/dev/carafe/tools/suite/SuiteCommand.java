package dev.carafe.tools.suite;

import dev.carafe.tools.headless.ExitCodes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A suite from file to results.
 *
 * @param file the suite
 * @param filter only runs whose name has it
 * @param list whether runs are only listed
 * @param jobs how many machines run at once; empty for as many as the host's cores carry
 * @param junit file for JUnit's XML
 * @param json file for JSON lines
 * @param annotations whether failures are also said in GitHub's words
 * @param terminal whether somebody watches
 */
public record SuiteCommand(
        Path file,
        Optional<Pattern> filter,
        boolean list,
        Optional<Integer> jobs,
        Optional<Path> junit,
        Optional<Path> json,
        boolean annotations,
        boolean terminal) {
    /**
     * Does it.
     *
     * @param carafe the command to which a run's options are added
     * @return the process's exit code
     * @throws SuiteError when the suite cannot be read
     * @throws IOException when results cannot be written, with the file's name
     */
    public int run(List<String> carafe, PrintStream out)
            throws SuiteError, IOException, InterruptedException {
        List<Case> cases =
                SuiteReader.read(file).stream()
                        .filter(c -> filter.isEmpty() || filter.get().matcher(c.name()).find())
                        .toList();
        if (cases.isEmpty()) {
            throw new SuiteError(file.toString(), "no test is left to run");
        }
        if (list) {
            cases.forEach(c -> out.println(c.name() + ": " + Shell.line(CaseRun.options(c))));
            return ExitCodes.SUCCESS;
        }
        ConsoleProgress progress = new ConsoleProgress(out, terminal, annotations, cases.size());
        int cores = jobs.orElse(Runtime.getRuntime().availableProcessors());
        List<CaseResult> results =
                new SuiteRunner(carafe, InstantSource.system(), cores, jobs.isPresent(), progress)
                        .run(cases);
        Summary summary = Summary.of(results);
        progress.finish(summary);
        if (junit.isPresent()) {
            JUnitReport.write(junit.get(), name(), results);
        }
        if (json.isPresent()) {
            JsonLines.write(json.get(), results);
        }
        return summary.failed() == 0 ? ExitCodes.SUCCESS : ExitCodes.EXPECTATION;
    }

    private String name() {
        return file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
    }
}
