package dev.carafe.tools.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TapParserTest {
    private static String results(String console) {
        TapParser parser = TapParser.of(console);
        String results =
                parser.results().stream()
                        .map(
                                each ->
                                        each.status().name().charAt(0)
                                                + " "
                                                + each.name()
                                                + (each.detail().isEmpty()
                                                        ? ""
                                                        : " (" + each.detail() + ")"))
                        .collect(Collectors.joining("\n"));
        return parser.problem().isEmpty() ? results : results + "\n!" + parser.problem();
    }

    @Test
    void tapBetweenOtherLinesOfAConsoleIsFound() {
        String console =
                """
                booting...
                ok, this is no result
                TAP version 13
                1..5
                ok 1 - first one
                a kernel message
                # what went wrong
                not ok 2 second one
                ok 3 # SKIP no such device
                not ok 4 - later # TODO not written
                ok
                goodbye
                """;

        assertEquals(
                """
                P first one
                F second one (what went wrong)
                S test 3 (no such device)
                S later (to do: not written)
                P test 5""",
                results(console));
    }

    @Test
    void subtestsHaveTheNamesOfTheTestsAroundThem() {
        String console =
                """
                TAP version 14
                1..2
                # Subtest: outer
                    1..2
                    ok 1 - a
                    # Subtest: inner
                        1..1
                        not ok 1 - deep
                    not ok 2 - inner
                not ok 1 - outer
                ok 2 - flat
                """;

        assertEquals("P outer > a\nF outer > inner > deep\nP flat", results(console));
    }

    @Test
    void kernelTapIsReadBehindTimeStamps() {
        String console =
                """
                [    0.000000] Linux version
                [    0.100000] KTAP version 1
                [    0.100001] 1..1
                [    0.100002]     KTAP version 1
                [    0.100003]     # Subtest: example
                [    0.100004]     1..3
                [    0.100005]     ok 1 one
                [    0.100006]     # two: EXPECTATION FAILED at lib/x.c:3
                <6>[    0.100007]     not ok 2 two
                [    0.100008]     ok 3 three # SKIP
                [    0.100009] # example: pass:1 fail:1 skip:1 total:3
                [    0.100010] not ok 1 example
                """;

        assertEquals(
                """
                P example > one
                F example > two (two: EXPECTATION FAILED at lib/x.c:3)
                S example > three""",
                results(console));
    }

    @Test
    void aParentThatFailsAloneIsAResultOfItsOwn() {
        String console = "KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  ok 1 a\nnot ok 1 p\n";

        assertEquals("P p > a\nF p", results(console));
    }

    @Test
    void whatIsMissingIsAProblem() {
        assertEquals(
                "P a\n!3 tests were planned, 1 have a result",
                results("TAP version 13\n1..3\nok 1 a\nPANIC"));
        assertEquals(
                "P a\n!Bail out! no memory",
                results("TAP version 13\nok 1 a\nBail out! no memory"));
        assertEquals("\n!a version line, but no result", results("TAP version 13\nhello"));
        assertFalse(TapParser.of("ok 1 a\nnot ok 2 b\n").announced());
        assertEquals("", results("ok 1 a\n"));
    }
}
