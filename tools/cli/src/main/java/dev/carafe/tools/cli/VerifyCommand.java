package dev.carafe.tools.cli;

import dev.carafe.tools.board.LogSelection;
import dev.carafe.tools.headless.ExitCodes;
import dev.carafe.tools.verify.IsaSupport;
import dev.carafe.tools.verify.Report;
import dev.carafe.tools.verify.Verification;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares what Carafe emulates with the real thing. */
@Command(
        name = "verify",
        description = "Compares what Carafe emulates with the real thing.",
        subcommands = {VerifyCommand.Processor.class, VerifyCommand.Coverage.class})
final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(System.out);
        return CommandLine.ExitCode.OK;
    }

    /** {@code verify isa}. */
    @Command(
            name = "isa",
            description =
                    "Prints docs/isa-support.md: which encodings are known, executed and compared.")
    static final class Coverage implements Callable<Integer> {
        @Override
        public Integer call() {
            LogSetup.start(new LogSelection(Set.of(), Optional.empty()));
            System.out.print(new IsaSupport().text());
            return ExitCodes.SUCCESS;
        }
    }

    /** {@code verify cpu}. */
    @Command(
            name = "cpu",
            description =
                    "Executes single instructions on the emulated processor and on this computer's, and compares"
                            + " the results. The exit code is 0 when all are equal, and 1 otherwise.")
    static final class Processor implements Callable<Integer> {
        private static final long DEFAULT_CASES = 1_000_000;
        private static final int DEFAULT_RECORDS = 10;
        private static final int MOST_THREADS = 256;

        @Option(names = "--cases", description = "number of cases (default: 1000000)")
        private long cases = DEFAULT_CASES;

        @Option(names = "--seed", description = "all cases follow from it (default: by the clock)")
        private Long seed;

        @Option(names = "--first", description = "number of the first case, to repeat one")
        private long first;

        @Option(
                names = "--filter",
                paramLabel = "MNEMONIC",
                description = "only encodings of this mnemonic")
        private String filter = "";

        @Option(names = "--threads", description = "default: one for each host processor")
        private int threads = Runtime.getRuntime().availableProcessors();

        @Option(names = "--show", description = "mismatches to print in full (default: 10)")
        private int shown = DEFAULT_RECORDS;

        @Override
        public Integer call() {
            require(cases > 0, "--cases " + cases + " is not positive");
            require(first >= 0, "--first " + first + " is negative");
            require(shown >= 0, "--show " + shown + " is negative");
            require(
                    threads > 0 && threads <= MOST_THREADS,
                    "--threads " + threads + " is not from 1 to 256");
            LogSetup.start(new LogSelection(Set.of(), Optional.empty()));
            long used = seed == null ? System.currentTimeMillis() : seed;
            var verification =
                    new Verification(new Verification.Plan(cases, first, used, filter, threads));
            require(verification.hasRows(), "no encoding has the mnemonic '" + filter + "'");
            try {
                Report report = verification.run();
                report.print(System.out, shown);
                return report.mismatches() == 0 ? ExitCodes.SUCCESS : 1;
            } catch (Verification.Unavailable e) {
                throw new UsageError("nothing can be compared: " + e.getMessage());
            }
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new UsageError(otherwise);
            }
        }
    }
}
