package dev.carafe.tools.headless;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.carafe.tools.headless.SerialWatch.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SerialWatchTest {
    private final List<String> verdicts = new ArrayList<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private SerialWatch watch(List<String> expected, List<String> forbidden) {
        return new SerialWatch(
                expected.stream().map(Pattern::compile).toList(),
                forbidden.stream().map(Pattern::compile).toList(),
                verdict -> verdicts.add(text(verdict)));
    }

    private String text(Verdict verdict) {
        return output.size()
                + switch (verdict) {
                    case Verdict.Met() -> " met";
                    case Verdict.Forbidden(Pattern pattern, String line) ->
                            " " + pattern + " in " + line;
                };
    }

    private SerialWatch.Tap send(SerialWatch watch, String text) {
        SerialWatch.Tap tap = watch.tap(output::write);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            tap.accept(b & 0xFF);
        }
        return tap;
    }

    @ParameterizedTest(name = "{0} in {1}: {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # expression | sent                   | verdict after so many bytes
            ready        | 'not ready yet'        | 9 met
            ^ready       | 'not ready'            | ''
            ready$       | 'ready now'            | ''
            ready$       | 'ready/'               | 6 met
            ready$       | 'ready*/'              | 7 met
            rea\\w\\b    | 'ready!'               | ''
            \\bready\\b  | 'ready!'               | 6 met
            '[$] '       | 'sh $ '                | 5 met
            a.*b         | 'a/b'                  | ''
            ✓ \\d        | '✓ 7'                  | 5 met
            all ok       | '^[32mall^[0m ok'      | 15 met
            """)
    void aMatchCountsAsSoonAsNothingCanUndoIt(String expression, String sent, String verdict) {
        String text = sent.replace("*", "\r").replace("/", "\n").replace("^", "\u001B");

        send(watch(List.of(expression), List.of()), text);

        assertEquals(verdict, String.join(", ", verdicts));
    }

    @Test
    void expectationsCountInTheirOrderAlsoWithinOneLine() {
        SerialWatch watch = watch(List.of("a", "b", "c"), List.of());
        SerialWatch.Tap tap = watch.tap(output::write);

        "c b a c".chars().forEach(tap);
        assertEquals("b", watch.missing().pattern());
        "\nb\ncb".chars().forEach(tap);

        assertEquals(List.of("11 met"), verdicts);
        assertNull(watch.missing());
    }

    @Test
    void oneTextDoesNotMeetTwoExpectations() {
        SerialWatch watch = watch(List.of("x", "x"), List.of());

        send(watch, "x\n");

        assertEquals("x", watch.missing().pattern());
    }

    @Test
    void theFirstForbiddenTextIsTheVerdictWhateverIsStillExpected() {
        send(watch(List.of("done"), List.of("warn", "PANIC: .*$")), "PANIC: x at y\ndone\n");

        assertEquals(List.of("14 PANIC: .*$ in PANIC: x at y"), verdicts);
    }

    @Test
    void theLastLineCountsWhenNothingMoreComes() {
        SerialWatch.Tap tap = send(watch(List.of("end$"), List.of()), "the end");
        assertEquals(List.of(), verdicts);

        tap.lineEnds();

        assertEquals(List.of("7 met"), verdicts);
    }

    @Test
    void everyByteReachesTheOutputUnchanged() {
        byte[] all = new byte[256];
        SerialWatch.Tap tap = watch(List.of("x"), List.of("y")).tap(output::write);
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
            tap.accept(i);
        }

        assertArrayEquals(all, output.toByteArray());
    }

    @Test
    void aLineWithoutEndIsSearchedInItsLastCharacters() {
        send(watch(List.of("needle"), List.of()), "x".repeat(3 * SerialWatch.LONGEST) + "needle");

        assertEquals(1, verdicts.size());
    }

    @Test
    void twoLinesDoNotMixTheirText() {
        SerialWatch watch = watch(List.of("ab"), List.of());
        SerialWatch.Tap first = watch.tap(output::write);
        SerialWatch.Tap second = watch.tap(output::write);

        first.accept('a');
        second.accept('b');
        assertEquals(List.of(), verdicts);
        first.accept('b');

        assertEquals(List.of("3 met"), verdicts);
    }
}
