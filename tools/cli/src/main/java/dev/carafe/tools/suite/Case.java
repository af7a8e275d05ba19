package dev.carafe.tools.suite;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * One run of one machine.
 *
 * @param name of the test, with what distinguishes this run of it
 * @param arguments Carafe's options, the kernel's among them
 * @param cpus how many host cores it can keep busy
 * @param expect what the guest has to say, in this order
 * @param failOn what it must not say
 * @param exitCodes one of these has to come of it; empty where the last expectation ends the run
 * @param limitSeconds after which it is ended
 * @param tap whether lines of the Test Anything Protocol are results
 * @param skip why it does not run, or empty
 * @param file of the suite
 * @param line of the test in that file
 */
record Case(
        String name,
        List<String> arguments,
        int cpus,
        List<Pattern> expect,
        List<Pattern> failOn,
        List<Integer> exitCodes,
        long limitSeconds,
        OptionalLong limitInstructions,
        Tap tap,
        String skip,
        Path file,
        int line) {
    /** Whether lines of the Test Anything Protocol are results. */
    enum Tap {
        /** Where the output says that it has some. */
        AUTO,
        REQUIRED,
        IGNORED
    }

    Case {
        arguments = List.copyOf(arguments);
        expect = List.copyOf(expect);
        failOn = List.copyOf(failOn);
        exitCodes = List.copyOf(exitCodes);
    }
}
