package dev.carafe.tools.cli;

import dev.carafe.firmware.BootException;
import dev.carafe.tools.board.BootFiles;
import dev.carafe.tools.board.MachinePlan;
import dev.carafe.tools.headless.ExitCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code carafe info KERNEL}. */
@Command(
        name = "info",
        description =
                "Says how a kernel, CD or disk image would boot on the machine that the options describe, and what"
                        + " would go wrong. The exit code is 0 when it boots.")
final class InfoCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "KERNEL [OPTION]",
            description = "the kernel's file, and options such as -m and -smp")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        if (!(OptionParser.parse(new ArrayList<>(arguments)) instanceof Request.Boot request)) {
            throw new UsageError("info: name a kernel; carafe -help lists the options");
        }
        try {
            MachinePlan plan = MachinePlan.of(request.configuration(), 0);
            BootFiles files = BootFiles.read(request.configuration().boot());
            if (files.firmware().isPresent()) {
                System.out.println("firmware: it starts at the reset vector");
                return ExitCodes.SUCCESS;
            }
            boolean boots = new KernelSurvey(files, plan.description(), System.out).print();
            return boots ? ExitCodes.SUCCESS : ExitCodes.USAGE;
        } catch (BootException e) {
            throw new UsageError(e.getMessage());
        }
    }
}
