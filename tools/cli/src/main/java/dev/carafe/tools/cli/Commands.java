package dev.carafe.tools.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The commands beside booting, whose first word is not an option. Only they load picocli. */
final class Commands {
    private Commands() {}

    static int run(String[] arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Carafe());
        line.getSubcommands().get("run").setUnmatchedOptionsArePositionalParams(true);
        line.getSubcommands().get("info").setUnmatchedOptionsArePositionalParams(true);
        line.setParameterExceptionHandler((wrong, words) -> Main.refuse(wrong.getMessage()));
        line.setExecutionExceptionHandler(
                (thrown, command, parsed) -> {
                    if (thrown instanceof UsageError) {
                        return Main.refuse(thrown.getMessage());
                    }
                    throw thrown;
                });
        return line;
    }

    @Command(
            name = "carafe",
            description =
                    "A full-system SMP x86-64 emulator. Without a command, it boots a kernel: carafe -help.",
            subcommands = {
                HelpCommand.class,
                Run.class,
                TestCommand.class,
                InfoCommand.class,
                DoctorCommand.class,
                VerifyCommand.class,
                Version.class,
                Completion.class
            })
    private static final class Carafe implements Callable<Integer> {
        @Spec private CommandSpec spec;

        @Override
        public Integer call() {
            spec.commandLine().usage(System.out);
            return CommandLine.ExitCode.OK;
        }
    }

    @Command(
            name = "run",
            description = "Boots a kernel; takes the options that carafe -help lists.")
    private static final class Run implements Callable<Integer> {
        @Parameters(
                arity = "0..*",
                paramLabel = "[KERNEL] OPTION",
                description = "the kernel's file, and options")
        private List<String> arguments = List.of();

        @Override
        public Integer call() {
            return Main.answer(OptionParser.parseRun(arguments));
        }
    }

    @Command(name = "version", description = "Prints the versions of Carafe and Java.")
    private static final class Version implements Callable<Integer> {
        @Override
        public Integer call() {
            System.out.println("Carafe " + HelpText.VERSION);
            System.out.println(
                    "Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")");
            System.out.println(System.getProperty("os.name") + " " + System.getProperty("os.arch"));
            return CommandLine.ExitCode.OK;
        }
    }

    @Command(
            name = "completion",
            description =
                    "Prints a completion script for a shell: source <(carafe completion bash).")
    private static final class Completion implements Callable<Integer> {
        @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash (default) or zsh")
        private String shell = "bash";

        @Override
        public Integer call() {
            System.out.print(
                    switch (shell) {
                        case "bash" -> CompletionScript.bash();
                        case "zsh" -> CompletionScript.zsh();
                        default ->
                                throw new UsageError("completion " + shell + ": it is bash or zsh");
                    });
            return CommandLine.ExitCode.OK;
        }
    }
}
