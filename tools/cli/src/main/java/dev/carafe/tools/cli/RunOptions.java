package dev.carafe.tools.cli;

import dev.carafe.tools.board.MonitorPort;
import dev.carafe.tools.board.Watching;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the host does around a machine.
 *
 * @param clock what the machine's clock shows at power-on
 * @param escape the character that begins a command to Carafe
 * @param pidFile file that holds the process's number while it runs
 * @param monitors who looks at the machine from outside, and where
 * @param expect what the guest has to say, in this order
 * @param failOn what the guest must not say
 * @param watching what the run is watched for
 * @param reportJson file that gets the reports
 * @param recording what is written down about what the guest executes
 */
record RunOptions(
        StartTime clock,
        int escape,
        Optional<Path> pidFile,
        List<MonitorPort> monitors,
        List<Pattern> expect,
        List<Pattern> failOn,
        Watching watching,
        Optional<Path> reportJson,
        Recording recording) {
    RunOptions {
        monitors = List.copyOf(monitors);
        expect = List.copyOf(expect);
        failOn = List.copyOf(failOn);
    }
}
